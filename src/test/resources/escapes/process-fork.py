# SPDX-License-Identifier: Apache-2.0
# Makes one process.
import os
if os.fork() == 0:
    print('ESCAPED', flush=True)
