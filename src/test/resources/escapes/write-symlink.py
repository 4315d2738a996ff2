# SPDX-License-Identifier: Apache-2.0
# Writes through a link.
import os
os.symlink('/usr/escaped', '/tmp/link')
open('/tmp/link', 'w').write('x')
print('ESCAPED')
