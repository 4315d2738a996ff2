# SPDX-License-Identifier: Apache-2.0
# Makes files and folders that hold nothing, without end.
import os

made = 0
try:
    while made < 1_000_000:
        os.mkdir(f"/tmp/{made}") if made % 2 else open(f"/tmp/{made}", "w").close()
        made += 1
    print("ESCAPED")
except OSError as error:
    print(error.errno, made)
if made > 10_000:
    print("ESCAPED")
