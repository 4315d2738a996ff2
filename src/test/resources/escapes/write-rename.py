# SPDX-License-Identifier: Apache-2.0
# Moves the programs away.
import os
os.rename('/usr/bin', '/usr/gone')
print('ESCAPED')
