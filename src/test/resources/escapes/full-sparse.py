# SPDX-License-Identifier: Apache-2.0
# Makes a file of a terabyte.
import os
open('/tmp/x', 'w').close()
os.truncate('/tmp/x', 1 << 40)
print('ESCAPED')
