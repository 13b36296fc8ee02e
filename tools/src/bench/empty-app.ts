/** The least that a CDKTF program can do: what every other one is held against. */
import { App, TerraformStack } from 'cdktf';

const app = new App();
new TerraformStack(app, 'empty');
app.synth();
