# SPDX-License-Identifier: Apache-2.0
# Fills the disk.
for i in range(1000):
    with open('/tmp/%d' % i, 'wb') as out:
        out.write(bytes(1 << 20))
print('ESCAPED')
