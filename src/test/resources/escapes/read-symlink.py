# SPDX-License-Identifier: Apache-2.0
# Goes through a link.
import os
os.symlink('@FOLDER@/secret', '/tmp/link')
open('/tmp/link').read()
print('ESCAPED')
