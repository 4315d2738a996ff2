# SPDX-License-Identifier: Apache-2.0
# Writes one large file.
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open('/tmp/x', 'wb', buffering=0) as out:
    for _ in range(1000):
        if out.write(bytes(1 << 20)) < 1 << 20:
            raise OSError('full')
print('ESCAPED')
