# SPDX-License-Identifier: Apache-2.0
# Makes names for one file without end.
import os

made = 0
open("/tmp/file", "w").close()
for make in (os.link, os.symlink):
    try:
        while made < 1_000_000:
            make("/tmp/file", f"/tmp/{made}")
            made += 1
        print("ESCAPED")
    except OSError as error:
        print(error.errno, made)
