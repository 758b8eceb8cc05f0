import { attacked } from './attacked.ts'

attacked('aegen')
