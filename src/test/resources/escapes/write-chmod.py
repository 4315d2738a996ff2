# SPDX-License-Identifier: Apache-2.0
# Makes a folder open.
import os
os.chmod('/usr', 0o777)
print('ESCAPED')
