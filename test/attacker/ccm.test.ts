import { attacked } from './attacked.ts'

attacked('ccm')
