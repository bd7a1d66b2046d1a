import { staticGateCases } from './static-gate-cases.ts';
import { describeStaticGate } from './static-gate-contract.ts';

for (const [name, cases] of Object.entries(staticGateCases)) describeStaticGate(name, cases);
