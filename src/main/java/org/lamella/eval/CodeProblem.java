// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import java.nio.file.Path;
import java.util.List;

/**
 * A programming problem with its tests.
 *
 * <pre>{@code
 * CodeProblem problem = CodeProblem.load("humaneval").get(0);
 * problem.instruction();                                            // what the model is given
 * sandbox.run(problem.program(CodeAnswer.of(generation))).outcome();
 * }</pre>
 *
 * @param id as the benchmark writes it: {@code HumanEval/0}, {@code Mbpp/2}
 * @param stub the beginning of the program, before what the model writes: imports, signature and description of HumanEval;
 *     of MBPP the description as a text that does nothing
 * @param instruction the prompt of the layer-wise LoRA paper, after which a model answers
 * @param entryPoint the function that is tested
 * @param reference the benchmark's own solution, which follows the stub
 * @param tests what is run after the solution; it raises when something is wrong
 */
public record CodeProblem(
        String id, String stub, String instruction, String entryPoint, String reference, String tests) {

    private static final String HEADER =
            "Below is an instruction that describes a task. Write a response that appropriately completes the request."
                    + "\n\n\n### Instruction:\n";
    private static final String FOOTER = "\n\n### Response:";

    /**
     * Returns the problems of a benchmark from the files below {@link org.lamella.data.Home#data()}.
     *
     * @param name {@code humaneval}, {@code humaneval-plus}, {@code mbpp}, {@code mbpp-base} or {@code mbpp-plus}
     * @throws IllegalStateException when the file is not there; the message says which
     * @throws org.lamella.base.FormatException when a problem lacks a field; the message names the line
     */
    public static List<CodeProblem> load(String name) {
        return CodeShelf.load(name);
    }

    /**
     * Returns a problem of one's own, with a prompt like HumanEval's.
     *
     * @param id what it is called
     * @param stub the beginning of the program: imports, signature and description
     * @param entryPoint the function that is tested
     * @param reference a solution, which follows the stub
     * @param tests what is run after a solution; it raises when something is wrong
     */
    public static CodeProblem of(String id, String stub, String entryPoint, String reference, String tests) {
        String instruction = HEADER + "Create a Python script for this problem:\n" + indented(stub) + FOOTER;
        return new CodeProblem(id, stub, instruction, entryPoint, reference, tests);
    }

    /**
     * Returns HumanEval's problems (164 as published) with its own tests, which are what the paper reports.
     *
     * @param file {@code HumanEval.jsonl}, also {@code .gz}, or HumanEval+'s
     * @throws org.lamella.base.FormatException when a problem lacks a field; the message names the line
     */
    public static List<CodeProblem> humanEval(Path file) {
        return CodeProblems.read(file, CodeProblem::humanEval);
    }

    private static CodeProblem humanEval(CodeProblems.Fields fields) {
        String entry = fields.text("entry_point");
        return of(
                fields.text("task_id"),
                fields.text("prompt"),
                entry,
                fields.text("canonical_solution"),
                fields.text("test") + "\ncheck(" + entry + ")\n");
    }

    /**
     * Returns HumanEval+'s problems: HumanEval's tests and inputs, and many more inputs on which a solution must return what
     * the benchmark's own returns.
     *
     * @param file {@code HumanEvalPlus.jsonl}, also {@code .gz}
     * @throws org.lamella.base.FormatException when a problem lacks a field; the message names the line
     */
    public static List<CodeProblem> humanEvalPlus(Path file) {
        return CodeProblems.read(file, fields -> {
            CodeProblem problem = humanEval(fields);
            return problem.tests(problem.tests() + "\n" + fields.comparison(true));
        });
    }

    /**
     * Returns MBPP's problems as EvalPlus keeps them (378 in version 0.2.0), with the inputs of MBPP's own tests, on which a
     * solution must return what the benchmark's own returns: what the paper reports. The paper's version 0.1.0 had 399; of the
     * prompts of the 378, 18 had a web address more.
     *
     * @param file {@code MbppPlus.jsonl}, also {@code .gz}
     * @throws org.lamella.base.FormatException when a problem lacks a field; the message names the line
     */
    public static List<CodeProblem> mbppBase(Path file) {
        return CodeProblems.read(file, fields -> mbppPlus(fields).tests(fields.comparison(false)));
    }

    /**
     * Returns MBPP+'s problems: the same with many more inputs. The benchmark's own solution of one ({@code Mbpp/255}) needs
     * more memory than {@link CodeLimits#standard} has; 4 GiB are
     * enough. Some take half a minute.
     *
     * @param file {@code MbppPlus.jsonl}, also {@code .gz}
     * @throws org.lamella.base.FormatException when a problem lacks a field; the message names the line
     */
    public static List<CodeProblem> mbppPlus(Path file) {
        return CodeProblems.read(file, fields -> mbppPlus(fields).tests(fields.comparison(true)));
    }

    private static CodeProblem mbppPlus(CodeProblems.Fields fields) {
        String stub = fields.text("prompt");
        String text = GivenText.strip(stub.replace("\"\"\"", ""));
        int tests = text.indexOf("\nassert");
        return new CodeProblem(
                fields.text("task_id"),
                stub,
                mbpp(
                        tests < 0 ? text : GivenText.strip(text.substring(0, tests)),
                        tests < 0 ? "" : GivenText.strip(text.substring(tests))),
                fields.text("entry_point"),
                fields.text("canonical_solution"),
                "");
    }

    /**
     * Returns MBPP's problems (974 as published) with its own tests.
     *
     * @param file {@code mbpp.jsonl}, also {@code .gz}
     * @throws org.lamella.base.FormatException when a problem lacks a field; the message names the line
     */
    public static List<CodeProblem> mbpp(Path file) {
        return CodeProblems.read(file, fields -> {
            String text = GivenText.strip(fields.text("text"));
            List<String> tests = fields.texts("test_list");
            String reference = fields.text("code").replace("\r", "");
            return new CodeProblem(
                    "Mbpp/" + fields.text("task_id"),
                    "\"\"\"\n" + text.replace("\\", "\\\\").replace("\"\"\"", "'''") + "\n\"\"\"\n",
                    mbpp(text, tests.get(0)),
                    CodeProblems.tested(reference, tests.get(0)),
                    reference,
                    fields.text("test_setup_code") + "\n" + String.join("\n", tests) + "\n");
        });
    }

    // as published: a sentence ends with a point, and tabs indent
    private static String mbpp(String text, String test) {
        String sentence = text.endsWith(".") ? text : text + ".";
        String prompt = sentence + " Your code should satisfy the following assertion:\n```python\n" + test + "\n```";
        return HEADER + indented(prompt) + FOOTER;
    }

    private static String indented(String text) {
        return text.replace("    ", "\t");
    }

    private CodeProblem tests(String others) {
        return new CodeProblem(id, stub, instruction, entryPoint, reference, others);
    }

    /** Returns the whole program: the stub, a solution and the tests. */
    public String program(String solution) {
        return stub + solution + "\n" + tests;
    }
}
