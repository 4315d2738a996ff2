# SPDX-License-Identifier: Apache-2.0
# Writes beside the folders.
open('/escaped', 'w').write('x')
print('ESCAPED')
