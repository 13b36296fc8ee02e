/** The smallest CDKTF program, which all others are compared with. */
import { App, TerraformStack } from 'cdktf';

const app = new App();
new TerraformStack(app, 'empty');
app.synth();
