import { canInstall, installPackages } from '../servers/debian.ts'
import type { Server } from '../servers/index.ts'
import type { Chosen } from './files.ts'
import { groups, type Group } from './groups.ts'
import type { Missing } from './report.ts'

export type Surroundings = { env: Record<string, string>; missing: Missing[]; stop(): Promise<void> }

/** Makes ready what the chosen files ask for: what is named by a variable is taken, what is missing installed, servers started. */
export async function bringUp(
  chosen: Chosen[],
  { noServers, scratch, signal }: { noServers: boolean; scratch: string; signal: AbortSignal },
): Promise<Surroundings> {
  const asked = groups.filter((group) => chosen.some((file) => file.asksFor.includes(group)))
  const missing = new Map<Group, string>()
  const open: Server[] = []
  const env: Record<string, string> = { TMPDIR: scratch }

  const given = (group: Group) => group.variable !== undefined && Boolean(process.env[group.variable])
  for (const group of asked) if (noServers && group.start && !given(group)) missing.set(group, '--no-servers')

  await install(
    asked.filter((group) => !given(group) && !missing.has(group) && !group.present()),
    missing,
  )

  const mine = asked.filter((group) => group.start && !given(group) && !missing.has(group))
  await Promise.all(
    mine.map(async (group) => {
      if (signal.aborted) return
      try {
        const server = await group.start!()
        open.push(server)
        env[group.variable!] = server.url
      } catch (error) {
        missing.set(group, error instanceof Error ? error.message : String(error))
      }
    }),
  )
  // Tells a test which servers are the runner's, so that it may start a second one to kill it.
  env['TEST_SERVERS_STARTED'] = mine.map((group) => group.variable).join(',')

  return {
    env,
    missing: [...missing].map(([group, why]) => ({ name: group.name, why })),
    async stop() {
      await Promise.allSettled(open.map((server) => server.stop()))
    },
  }
}

async function install(absent: Group[], missing: Map<Group, string>): Promise<void> {
  if (absent.length === 0) return
  const packages = absent.flatMap((group) => group.packages)
  if (!canInstall()) {
    for (const group of absent) missing.set(group, `sudo apt-get install ${group.packages.join(' ')}`)
    return
  }
  console.log(`Instalando · Installing: ${packages.join(' ')}`)
  const fault = await installPackages(
    packages,
    absent.flatMap((group) => group.units),
  ).then(
    () => '',
    (error: Error) => error.message,
  )
  for (const group of absent)
    if (!group.present()) missing.set(group, fault || `not found after installing ${group.packages.join(' ')}`)
}
