# SPDX-License-Identifier: Apache-2.0
# Starts a shell.
import os
if os.system('true') == 0:
    print('ESCAPED')
