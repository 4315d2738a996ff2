# SPDX-License-Identifier: Apache-2.0
# Makes the host's folder to write there.
import os
os.makedirs('@FOLDER@')
open('@FOLDER@/escaped', 'w').write('x')
import os.path
print('made inside only')
