export { text } from './answers';
export { CONTRACTS_PRESENT } from './contract-documents';
export { FAULT_EFFECTS, type Fault, type FaultEffect, type FaultName } from './faults';
export { KonnectEmulator, type JournalEntry, type KonnectEmulatorOptions } from './konnect-emulator';
export { TIMELINE, type Timeline } from './lifecycle';
export type { World } from './world';
export { KillableClock, VirtualClock } from './virtual-clock';
export { ScaledClock, serve, type KonnectServer } from './server';
