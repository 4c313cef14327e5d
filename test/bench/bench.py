#!/usr/bin/env python3
"""Measures what ddbproxy costs beside haproxy (and nginx's stream module where installed), in turn, in one run.

usage: bench.py [--ddbproxy PATH] [--rounds N] [--seconds S] [--only NAME,...] [--growth] [--markdown]
Each work is done through each contender in turn, several rounds; the figure is the CPU time of the proxy process for a
unit of work, and the table gives medians and the ratio to haproxy. --growth adds the cost with many open connections,
many servers and many proxies. The machine was too noisy when the rounds of haproxy itself spread by more than 15 %.
"""
import argparse, json, os, pathlib, shutil, socket, statistics, subprocess, sys, tempfile, time

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument('--ddbproxy', default=str(root / 'build/ddbproxy'))
arguments.add_argument('--haproxy', default=shutil.which('haproxy') or '/usr/sbin/haproxy')
arguments.add_argument('--rounds', type=int, default=5)
arguments.add_argument('--seconds', type=float, default=2.0, help='of each measured work')
arguments.add_argument('--gib', type=float, default=2.0, help='moved by each bulk work')
arguments.add_argument('--threads', type=int, default=1)
arguments.add_argument('--only', default='')
arguments.add_argument('--growth', action='store_true')
arguments.add_argument('--markdown', action='store_true')
options = arguments.parse_args()

work = pathlib.Path(tempfile.mkdtemp(prefix='bench'))
load = work / 'load'
subprocess.run([os.environ.get('CXX', 'g++').split()[-1], '-O2', '-std=c++20', str(here / 'load.cc'), '-o', str(load)], check=True)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    """User and system time of a process with all its threads, in seconds, as fine as the kernel tells."""
    total = 0
    for task in pathlib.Path(f'/proc/{pid}/task').iterdir():
        total += int((task / 'schedstat').read_text().split()[0])
    return total / 1e9


def rss_bytes(pid):
    for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS'): return int(line.split()[1]) * 1024


def wait_for(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end: sys.exit('gave up waiting for ' + what)
        time.sleep(0.01)


def answers(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    except OSError:
        return False


def configuration(port, servers):
    lines = ['global', f' nbthread {options.threads}', ' maxconn 9500', 'defaults', ' mode tcp', ' timeout client 1h',
             ' timeout server 1h', ' timeout connect 5s', 'listen l', f' bind 127.0.0.1:{port}']
    lines += [f' server s{i} 127.0.0.1:{backend_port}' for i in range(servers)]
    return '\n'.join(lines) + '\n'


def nginx_configuration(port):
    module = next(pathlib.Path('/usr/lib/nginx/modules').glob('*stream*'), None)
    return (f'{"load_module " + str(module) + ";" if module else ""} daemon off; worker_processes {options.threads}; master_process off;'
            f' error_log /dev/null; pid {work}/nginx.pid; events {{ worker_connections 20000; }}'
            f' stream {{ server {{ listen 127.0.0.1:{port}; proxy_pass 127.0.0.1:{backend_port}; proxy_timeout 1h; }} }}\n')


class Proxy:
    def __init__(self, name, servers=1):
        self.port = free_port()
        path = work / f'{name}-{self.port}.cfg'
        if name == 'nginx':
            path.write_text(nginx_configuration(self.port))
            command = ['nginx', '-c', str(path)]
        else:
            path.write_text(configuration(self.port, servers))
            command = [options.haproxy if name == 'haproxy' else options.ddbproxy, '-db', '-f', str(path)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port), f'{name} to listen')

    def __enter__(self): return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def run_load(*words):
    done = subprocess.run([str(load), *map(str, words)], capture_output=True, text=True, timeout=300)
    if done.returncode: sys.exit(f'load {words}: {done.stderr}')
    return json.loads(done.stdout)


def measure(proxy, *words):
    """CPU seconds of the proxy and what the load saw."""
    before = cpu_seconds(proxy.process.pid)
    seen = run_load(words[0], proxy.port, *words[1:])
    seen['cpu'] = cpu_seconds(proxy.process.pid) - before
    return seen


def bulk(direction, streams):
    return lambda proxy: (lambda r: dict(value=r['cpu'] / (r['units'] / 2**30)))(measure(proxy, direction, streams, int(options.gib * 2**30)))


def echo(clients, size):
    return lambda proxy: (lambda r: dict(value=r['cpu'] / r['units'] * 1e6, rate=r['units'] / r['seconds'], p99=r['p99_us']))(
        measure(proxy, 'echo', clients, size, options.seconds))


def conn(clients):
    return lambda proxy: (lambda r: dict(value=r['cpu'] / r['units'] * 1e6, rate=r['units'] / r['seconds'], p99=r['p99_us']))(
        measure(proxy, 'conn', clients, options.seconds))


class Idle:
    """Keeps connections open through a proxy."""
    def __init__(self, proxy, count):
        self.process = subprocess.Popen([str(load), 'idle', str(proxy.port), str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == b'ready\n'
        time.sleep(0.3)  # the proxy finishes what the last connections began; nothing to wait on from here

    def __enter__(self): return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def idle(count):
    def run(proxy):
        with Idle(proxy, 200): pass
        before = rss_bytes(proxy.process.pid)
        with Idle(proxy, count): return dict(value=(rss_bytes(proxy.process.pid) - before) / count)
    return run


def with_idle(count, then):
    def run(proxy):
        with Idle(proxy, count): return then(proxy)
    return run


works = [
    ('upload, 1 stream', 's/GiB', bulk('up', 1), 1),
    ('download, 1 stream', 's/GiB', bulk('down', 1), 1),
    ('download, 8 streams', 's/GiB', bulk('down', 8), 1),
    ('64 kB messages, 16 clients', 'us', echo(16, 65536), 1),
    ('64 B messages, 64 clients', 'us', echo(64, 64), 1),
    ('64 B messages, 1 client', 'us', echo(1, 64), 1),
    ('connections, 64 B each way', 'us', conn(16), 1),
    ('idle connection, memory', 'B', idle(4000), 1),
]
if options.growth:
    works += [(f'{what} beside {n} idle', 'us', with_idle(n, then), 1)
              for n in (10, 1000, 8000) for what, then in (('64 B messages, 64 clients', echo(64, 64)), ('connections', conn(16)))]
    works += [(f'connections over {n} servers', 'us', conn(16), n) for n in (4, 100, 2000)]
if options.only: works = [w for w in works if any(o in w[0] for o in options.only.split(','))]

contenders = ['haproxy', 'ddbproxy'] + (['nginx'] if shutil.which('nginx') else [])
backend_port = free_port()
backend = subprocess.Popen([str(load), 'serve', str(backend_port)])
rows = []
try:
    wait_for(lambda: answers(backend_port), 'the back end')
    for name, unit, run, servers in works:
        seen = {c: [] for c in contenders if c != 'nginx' or servers == 1}
        for _ in range(options.rounds):
            for contender in seen:
                with Proxy(contender, servers) as proxy: seen[contender].append(run(proxy))
        rows.append((name, unit, seen))
        print(f'{name}: done', file=sys.stderr, flush=True)
finally:
    backend.kill()
    shutil.rmtree(work, ignore_errors=True)


def check_growth():
    """Time and memory of -c with many proxies."""
    for count in (1000, 10000):
        text = ''.join(f'listen p{i}\n mode tcp\n bind 127.0.0.1:{1024 + i}\n timeout client 1m\n timeout server 1m\n timeout connect 5s\n server s 127.0.0.1:80\n' for i in range(count))
        with tempfile.NamedTemporaryFile('w', suffix='.cfg') as file:
            file.write(text)
            file.flush()
            seen = {}
            for contender in ('haproxy', 'ddbproxy'):
                binary = options.haproxy if contender == 'haproxy' else options.ddbproxy
                times, memory = [], 0
                for _ in range(3):
                    child = os.posix_spawn(binary, [binary, '-c', '-q', '-f', file.name], os.environ)
                    _, status, usage = os.wait4(child, 0)
                    if status: sys.exit(f'{contender} -c failed')
                    times.append(usage.ru_utime + usage.ru_stime)
                    memory = usage.ru_maxrss / 1024
                seen[contender] = [dict(value=t) for t in times], [dict(value=memory)]
            for i, unit in ((0, 's'), (1, 'MB')):
                rows.append((f'-c of {count} proxies', unit, {c: seen[c][i] for c in seen}))


if options.growth and not options.only: check_growth()

median = lambda results, key: statistics.median(r[key] for r in results)
noisy = False
table = [['work', 'unit', 'haproxy'] + [f'{c} (ratio)' for c in contenders[1:]] + ['rate x', 'p99 x']]
for name, unit, seen in rows:
    base = median(seen['haproxy'], 'value')
    spread = [r['value'] for r in seen['haproxy']]
    if base and (max(spread) - min(spread)) / base > 0.15 * 2: noisy = True
    row = [name, unit, f'{base:.4g}']
    for c in contenders[1:]:
        row.append(f'{median(seen[c], "value"):.4g} ({median(seen[c], "value") / base:.2f})' if c in seen and base else '-')
    for key in ('rate', 'p99'):
        row.append(f'{median(seen["ddbproxy"], key) / median(seen["haproxy"], key):.2f}' if key in seen['haproxy'][0] else '-')
    table.append(row)
if options.markdown:
    print('| ' + ' | '.join(table[0]) + ' |\n|' + '---|' * len(table[0]))
    for row in table[1:]: print('| ' + ' | '.join(row) + ' |')
else:
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table: print('  '.join(cell.ljust(width) for cell, width in zip(row, widths)))
cpus = os.cpu_count()
print(f'\n{time.strftime("%Y-%m-%d")}, {cpus} CPUs, {options.threads} thread(s) a proxy, medians of {options.rounds} rounds.')
if noisy: print('NOISY: the rounds of haproxy differ from their median by more than 15 %; run again on a quieter machine.')
