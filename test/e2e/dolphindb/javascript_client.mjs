// The genuine JavaScript client of DolphinDB: node javascript_client.mjs PACKAGE WHAT URL. Prints one line of JSON for each
// thing it did.
import { createInterface } from 'node:readline'

// The package wants a newer Node than Debian's.
Promise.withResolvers ??= () => {
  const both = {}
  both.promise = new Promise((resolve, reject) => Object.assign(both, { resolve, reject }))
  return both
}

const [directory, what, url] = process.argv.slice(2)
const say = (value) => process.stdout.write(JSON.stringify(value) + '\n')
console.log = () => {} // The package's own news.
const { DDB } = await import(`file://${directory}/index.js`)
const login = { autologin: true, username: 'admin', password: '123456' }
const works = {
  async session () {
    const ddb = new DDB(url, login)
    await ddb.connect()
    say({ sum: (await ddb.eval('1+1')).value })
    await ddb.eval('x = 42')
    say({ kept: (await ddb.eval('x')).value })
    const large = await ddb.eval('take(char(1), 20000000)')
    say({ large: large.rows, ones: large.value.every((one) => one === 1) })
    say({ error: await ddb.eval('throw "no such table"').catch((error) => error.message) })
    say({ after: (await ddb.eval('1+1')).value })
    ddb.disconnect()
  },
  async refused () {
    const ddb = new DDB(url, { ...login, password: 'wrong' })
    say({ refused: await ddb.connect().then(() => 'no', (error) => error.message) })
    ddb.disconnect()
  },
  async stream () {
    const rows = []
    const { promise, resolve } = Promise.withResolvers()
    const ddb = new DDB(url, {
      ...login,
      streaming: {
        table: 'trades',
        handler ({ data, error }) {
          if (error) resolve(error)
          else rows.push(...data.data)
          if (rows.length === 1000) resolve()
        }
      }
    })
    await ddb.connect()
    const error = await promise
    say({ rows: rows.length, first: rows[0], last: rows.at(-1), error: error?.message })
    ddb.disconnect()
  },
  // A session that outlives what happens to its node: it answers a line of its input with a result, or an error.
  async long () {
    const ddb = new DDB(url, login)
    await ddb.connect()
    say({ connected: true })
    for await (const script of createInterface({ input: process.stdin }))
      say(await ddb.eval(script).then(({ value }) => ({ value }), (error) => ({ error: error.constructor.name })))
  }
}
await works[what]()
process.exit(0)
