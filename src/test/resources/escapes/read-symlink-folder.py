# SPDX-License-Identifier: Apache-2.0
# Goes through a link to a folder.
import os
os.symlink('/etc', '/tmp/link')
open('/tmp/link/passwd').read()
print('ESCAPED')
