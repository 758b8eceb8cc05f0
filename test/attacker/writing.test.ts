import { attacked } from './attacked.ts'

attacked('writing')
