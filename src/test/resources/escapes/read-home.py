# SPDX-License-Identifier: Apache-2.0
# Lists the home folder.
import os
os.listdir('@HOME@')
print('ESCAPED')
