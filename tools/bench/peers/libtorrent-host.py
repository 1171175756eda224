"""One libtorrent client of the benchmark: libtorrent-host.py seed|fetch ADDRESS FOLDER TORRENT ADDRESSES

Says "ready" when its session listens; a fetching one then waits for a line of input, adds the
torrent, connects to all addresses and says "done" when every piece is verified. Seeds until killed.
"""
import sys
import time

import libtorrent as lt

POLL_SECONDS = 0.01
PORT = 6881

role, address, folder, torrent, addresses = sys.argv[1:]
session = lt.session({
    'listen_interfaces': '%s:%d' % (address, PORT),
    'enable_dht': False, 'enable_lsd': False, 'enable_upnp': False, 'enable_natpmp': False,
    'enable_incoming_utp': False, 'enable_outgoing_utp': False,
    'allow_multiple_connections_per_ip': True, 'unchoke_slots_limit': -1,
    'connection_speed': 500, 'smooth_connects': False, 'min_reconnect_time': 1,
    'out_enc_policy': 2, 'in_enc_policy': 2,
    'aio_threads': 2, 'hashing_threads': 1, 'send_buffer_watermark': 3 << 20,
})
fetches = role == 'fetch'


def wait_until(condition):
    while not condition():
        time.sleep(POLL_SECONDS)


def add():
    plain = lt.torrent_flags.default_flags & ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
    handle = session.add_torrent({
        'ti': lt.torrent_info(torrent), 'save_path': folder,
        'flags': plain if fetches else lt.torrent_flags.seed_mode,
    })
    handle.resume()
    return handle


wait_until(session.is_listening)
if not fetches:
    wait_until(lambda handle=add(): handle.status().is_seeding)
print('ready', flush=True)
if fetches:
    sys.stdin.readline()
    handle = add()
    for other in addresses.split(','):
        if other != address:
            handle.connect_peer((other, PORT))
    wait_until(lambda: handle.status().is_seeding)
    print('done', flush=True)
while True:
    time.sleep(60)
