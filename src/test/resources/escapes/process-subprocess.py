# SPDX-License-Identifier: Apache-2.0
# Starts a program.
import subprocess
subprocess.run(['id'], check=True)
print('ESCAPED')
