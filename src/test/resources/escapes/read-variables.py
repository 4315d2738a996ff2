# SPDX-License-Identifier: Apache-2.0
# Finds what the host has in its environment.
import os
if set(os.environ) - {'PATH', 'PYTHONIOENCODING', 'PWD', 'LC_CTYPE'}:
    print('ESCAPED')
