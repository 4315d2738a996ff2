@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Lets PEFT load fresh random adapters that Lamella writes, and compares what both answer. What it can do: environment\peft-check --help
rem This file only finds a Python; the work is in environment\setup.
setlocal
for %%P in ("py -3" "python3" "python") do (
  %%~P -c "import sys; sys.exit(sys.version_info < (3, 10))" >nul 2>nul
  if not errorlevel 1 (
    %%~P -B "%~dp0setup" "%~n0" %*
    exit /b
  )
)
echo Python must be 3.10 or newer; none was found. Install it: winget install Python.Python.3.12 1>&2
exit /b 1
