# SPDX-License-Identifier: Apache-2.0
# Writes to a folder of the host.
open('@FOLDER@/escaped', 'w').write('x')
print('ESCAPED')
