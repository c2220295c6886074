import { gaps } from '../gaps.ts';

export default gaps({ change: [], added: ['app.ts', 'workshop-stack.ts'] });
