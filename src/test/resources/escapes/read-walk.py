# SPDX-License-Identifier: Apache-2.0
# Looks for the file everywhere.
import os
for folder, _, files in os.walk('/'):
    if not folder.startswith('/usr') and 'secret' in files:
        print('ESCAPED')
