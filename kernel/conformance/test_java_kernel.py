# SPDX-License-Identifier: Apache-2.0
"""The conformance suite of Jupyter for our kernel, and what that suite does not look at but a notebook needs.

    python kernel/conformance/test_java_kernel.py [KERNEL_NAME]

The kernel must be installed for the Python that runs this (java -jar target/lamella-kernel.jar install --prefix ...).
"""
import os
import sys
import unittest

import jupyter_kernel_test
import nbformat
from nbclient import NotebookClient

KERNEL_NAME = os.environ.get("LAMELLA_KERNEL_NAME", "java")
jupyter_kernel_test.TIMEOUT = 60
for helper in (jupyter_kernel_test.KernelTests.execute_helper, jupyter_kernel_test.KernelTests.history_helper):
    # the suite binds its 15 seconds early, which is short for a first cell on a machine that does other work
    helper.__defaults__ = tuple(60 if value == 15 else value for value in helper.__defaults__)


class JavaKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL_NAME
    language_name = "java"
    file_extension = ".java"
    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.println("oops");'
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": '"a"+"b"', "result": "ab"},
        {"code": "Math.max(3,4)", "result": "4"},
        {"code": "new int[] {1, 2, 3}", "result": "[1, 2, 3]"},
    ]
    completion_samples = [
        {"text": "Math.sq", "matches": {"sqrt("}},
        {"text": "%j", "matches": {"%jars"}},
    ]
    complete_code_samples = ["int x=1;", "1+1", "for(int i=0;i<3;i++){}", "class A {}", "%jars a/*.jar", ""]
    incomplete_code_samples = ["for(int i=0;i<3;i++){", "foo(", "class A {", 'String s = """\n  %jars']
    invalid_code_samples = [")", "foo) {"]
    code_generate_error = 'throw new RuntimeException("x");'
    code_display_data = [
        {"code": 'display("<b>x</b>", "text/html");', "mime": "text/html"},
        {"code": "display(new java.awt.image.BufferedImage(2, 2, 2));", "mime": "image/png"},
    ]
    code_inspect_sample = "Math.sqrt(2)"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6?7"
    code_clear_output = "clearOutput(false);"


class NotebookTests(unittest.TestCase):
    """What nbclient, and so nbconvert, makes of the kernel."""

    def run_cells(self, *sources, allow_errors=False):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        client = NotebookClient(notebook, kernel_name=KERNEL_NAME, timeout=120, allow_errors=allow_errors)
        client.execute()
        return notebook.cells

    def test_twenty_thousand_lines_all_arrive(self):
        (cell,) = self.run_cells('for (int i = 0; i < 20_000; i++) System.out.println("line " + i);')
        lines = "".join(output.text for output in cell.outputs).splitlines()
        self.assertEqual([f"line {i}" for i in range(20_000)], lines)

    def test_values_text_and_order(self):
        cells = self.run_cells("int x = 6;", "x;", "x * 7", 'System.out.print("one"); System.err.print("two"); display("three");')
        self.assertEqual([[], []], [cell.outputs for cell in cells[:2]])
        self.assertEqual("42", cells[2].outputs[0].data["text/plain"])
        self.assertEqual(["stream", "stream", "display_data"], [output.output_type for output in cells[3].outputs])

    def test_an_error_stops_the_notebook(self):
        with self.assertRaisesRegex(Exception, "boom"):
            self.run_cells('throw new IllegalStateException("boom");', "1")


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        KERNEL_NAME = JavaKernelTests.kernel_name = sys.argv.pop(1)
    unittest.main(verbosity=2)
