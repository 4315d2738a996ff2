// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamella.kernel.KernelProcess.Message;
import org.lamella.kernel.KernelProcess.Outcome;

/** Cells, values, output and every other request, as a front end sees them. Each defect of other kernels is a case. */
class KernelProtocolIT {

    private static KernelProcess kernel;

    @BeforeAll
    static void start() {
        kernel = KernelProcess.start(Map.of());
    }

    @AfterAll
    static void end() {
        kernel.close();
    }

    @Test
    void aFloodOfLinesArrivesWholeAndTheCellBecomesIdle() {
        Outcome cell = kernel.run("for (int i = 0; i < 20_000; i++) System.out.println(\"line \" + i);");

        String expected =
                IntStream.range(0, 20_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        assertThat(cell.printed("stdout")).isEqualTo(expected);
        assertThat(cell.outputs().size()).isLessThan(500);
    }

    @Test
    void aValueIsShownUnlessASemicolonFollows() {
        assertThat(kernel.run("6 * 7").value()).isEqualTo("42");
        assertThat(kernel.run("int seven = 7;").outputs()).isEmpty();
        assertThat(kernel.run("seven;").outputs()).isEmpty();
        assertThat(kernel.run("seven // semicolons in comments; do not count").value())
                .isEqualTo("7");
        assertThat(kernel.run("seven = 8").outputs()).isEmpty();
        assertThat(kernel.run("System.out.flush()").outputs()).isEmpty();
        assertThat(kernel.run("String nothing = null; nothing").outputs()).isEmpty();
        assertThat(kernel.run("new int[][] {{1, 2}, {3}}").value()).isEqualTo("[[1, 2], [3]]");
        assertThat(kernel.run("new double[1000]").value()).endsWith("0.0, ... 1000 in all]");
    }

    @Test
    void theIdOfADisplayIsNotEchoed() {
        Outcome cell = kernel.run("display(\"picture\")");

        assertThat(cell.types()).containsExactly("display_data");
        assertThat(cell.only("display_data").data("text/plain")).isEqualTo("picture");
    }

    @Test
    void outputKeepsItsOrderAcrossStreamsAndDisplays() {
        Outcome cell = kernel.run(
                "System.out.print(\"1\"); System.err.print(\"2\"); display(\"3\"); System.out.print(\"4\"); 5");

        assertThat(cell.types()).containsExactly("stream", "stream", "display_data", "stream", "execute_result");
    }

    @Test
    void textOfEveryAlphabetSurvives() {
        Outcome cell = kernel.run("System.out.print(\"h\u00e9llo \u4f60\u597d \\ud83d\\ude00\"); \"\ud83d\ude00\"");

        assertThat(cell.printed("stdout")).isEqualTo("h\u00e9llo \u4f60\u597d \ud83d\ude00");
        assertThat(cell.value()).isEqualTo("\ud83d\ude00");
    }

    @Test
    void aDisplayCanBeUpdatedAlsoFromALaterCell() {
        Outcome first = kernel.run("String id = display(\"0 %\"); updateDisplay(id, \"50 %\");");
        Outcome later = kernel.run("updateDisplay(id, \"100 %\");");

        String id = displayId(first.only("display_data"));
        assertThat(displayId(first.only("update_display_data"))).isEqualTo(id);
        assertThat(displayId(later.only("update_display_data"))).isEqualTo(id);
        assertThat(later.only("update_display_data").data("text/plain")).isEqualTo("100 %");
    }

    private static String displayId(Message message) {
        return message.content().getAsJsonObject("transient").get("display_id").getAsString();
    }

    @Test
    void aBundleIsDisplayedAsItIsAndNumbersThatJsonLacksBecomeNull() {
        Outcome cell = kernel.run(
                "import io.github.spencerpark.jupyter.kernel.display.*;",
                "var bundle = new DisplayData(\"text\");",
                "bundle.putData(\"application/json\", Map.of(\"x\", Double.NaN, \"y\", List.of(1, Double.POSITIVE_INFINITY)));",
                "display(bundle);");

        JsonObject data = cell.only("display_data").content().getAsJsonObject("data");
        assertThat(data.get("text/plain").getAsString()).isEqualTo("text");
        JsonObject json = data.getAsJsonObject("application/json");
        assertThat(json.get("x").isJsonNull()).isTrue();
        assertThat(json.getAsJsonArray("y").get(1).isJsonNull()).isTrue();
    }

    @Test
    void codeRegistersPicturesOfItsTypes() {
        Outcome cell = kernel.run(
                "record Dot(int x) {}",
                "getKernelInstance().getRenderer().createRegistration(Dot.class)",
                "    .preferring(io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.TEXT_HTML)",
                "    .register((dot, context) -> context.renderIfRequested(",
                "        io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.TEXT_HTML, () -> \"<i>\" + dot.x() + \"</i>\"));",
                "new Dot(3)");

        assertThat(cell.only("execute_result").data("text/html")).isEqualTo("<i>3</i>");
        assertThat(cell.value()).isEqualTo("Dot[x=3]");
    }

    @Test
    void streamsAndDisplaysOfIJavasOwnObjectWork() {
        Outcome cell = kernel.run(
                "var io = getKernelInstance().getIO();",
                "io.out.println(\"out\");",
                "io.display.updateDisplay(\"some-id\", render(\"picture\"));");

        assertThat(cell.printed("stdout")).isEqualTo("out\n");
        assertThat(cell.only("update_display_data").data("text/plain")).isEqualTo("picture");
    }

    @Test
    void outputCanBeCleared() {
        assertThat(kernel.run("clearOutput(true);")
                        .only("clear_output")
                        .content()
                        .get("wait")
                        .getAsBoolean())
                .isTrue();
    }

    @Test
    void whatAThreadPrintsAfterItsCellStillComes() {
        String id = kernel.submit(
                "new Thread(() -> { try { Thread.sleep(300); } catch (Exception e) {} System.out.print(\"late\"); }).start();",
                Map.of());
        kernel.outcome(id);

        kernel.awaitPrinted(id, "late");
    }

    @Test
    void anErrorWhileDrawingAValueEndsTheCellOnly() {
        Outcome cell = kernel.run(
                "class Native { public String toString() { throw new NoClassDefFoundError(\"no library\"); } }",
                "new Native()");

        assertThat(cell.status()).isEqualTo("error");
        assertThat(cell.traceback())
                .startsWith("java.lang.NoClassDefFoundError: no library\n    at Native.toString(cell [");
        assertThat(kernel.run("40 + 2").value()).isEqualTo("42");
    }

    @Test
    void cellsQueuedBehindAnErrorAreAbortedAndHaveNoNumber() {
        List<String> ids = new ArrayList<>();
        for (String code : List.of("1", "throw new RuntimeException()", "System.out.print(3)", "4")) {
            ids.add(kernel.submit(code, Map.of()));
        }
        List<Outcome> cells = ids.stream().map(kernel::outcome).toList();

        assertThat(cells).extracting(Outcome::status).containsExactly("ok", "error", "aborted", "aborted");
        assertThat(cells.get(2).reply().has("execution_count")).isFalse();
        assertThat(cells.get(2).outputs()).isEmpty();
        assertThat(kernel.run("5").value()).isEqualTo("5");
    }

    @Test
    void cellsQueuedBehindAnErrorRunWhenTheFrontEndWantsThemTo() {
        String failing = kernel.submit("throw new RuntimeException()", Map.of("stop_on_error", false));
        String next = kernel.submit("4", Map.of());

        assertThat(kernel.outcome(failing).status()).isEqualTo("error");
        assertThat(kernel.outcome(next).value()).isEqualTo("4");
    }

    @Test
    void anExceptionIsToldWithAllItsCausesAndTheLinesOfTheCell() {
        Outcome cell = kernel.run(
                "int parse(String text) {",
                "    return Integer.parseInt(text);",
                "}",
                "",
                "try { parse(\"x\"); }",
                "catch (Exception e) { throw new IllegalStateException(\"outer\", e); }");

        String here = "cell [" + cell.reply().get("execution_count").getAsInt() + "]";
        assertThat(cell.reply().get("ename").getAsString()).isEqualTo("java.lang.IllegalStateException");
        assertThat(cell.reply().get("evalue").getAsString()).isEqualTo("outer");
        assertThat(cell.traceback())
                .startsWith("java.lang.IllegalStateException: outer\n    at " + here + ", line 6\n"
                        + "Caused by: java.lang.NumberFormatException: For input string: \"x\"\n")
                .endsWith("    at parse(" + here + ", line 2)\n    at " + here + ", line 5");
    }

    @Test
    void whatTheCompilerRefusesIsPointedAt() {
        Outcome cell = kernel.run("int fine = 1;", "  int wrong = \"text\";");

        String here = "cell [" + cell.reply().get("execution_count").getAsInt() + "]";
        assertThat(cell.traceback())
                .isEqualTo("CompilationError in " + here
                        + ", line 2: incompatible types: java.lang.String cannot be converted to int\n"
                        + "    int wrong = \"text\";\n"
                        + "                ^^^^^^");
        assertThat(cell.only("error")
                        .content()
                        .getAsJsonArray("traceback")
                        .get(2)
                        .getAsString())
                .doesNotContain("\u001b");
    }

    @Test
    void aCellThatEndsTooEarlyIsTold() {
        assertThat(kernel.run("for (int i = 0; i < 3; i++) {").only("error").text("evalue"))
                .isEqualTo("the cell ends before this statement does; is a ) or a } missing?");
    }

    @Test
    void classesThatNeedEachOtherMayStandInOneCell() {
        Outcome cell = kernel.run(
                "sealed interface Shape permits Circle, Square {}",
                "record Circle(double radius) implements Shape {}",
                "record Square(double side) implements Shape {}",
                "class Ping { Pong pong; }",
                "class Pong { Ping ping; }",
                "boolean isEven(int n) { return n == 0 || isOdd(n - 1); }",
                "boolean isOdd(int n) { return n != 0 && isEven(n - 1); }",
                "new Circle(1) + \" \" + isEven(10)");

        assertThat(cell.types()).containsExactly("execute_result");
        assertThat(cell.value()).isEqualTo("Circle[radius=1.0] true");
    }

    @Test
    void aMethodThatNeedsAnotherSaysSoAndWorksOnceThereIsOne() {
        assertThat(kernel.run("int now() { return later(); }").printed("stderr"))
                .isEqualTo("method now cannot be used until there is method later()\n");
        assertThat(kernel.run("now()").traceback())
                .isEqualTo("Unresolved: method now cannot be used until there is method later()");
        assertThat(kernel.run("int later() { return 3; }", "now()").value()).isEqualTo("3");
    }

    @Test
    void aClassCanBeDefinedAgain() {
        kernel.run("class Net { int size() { return 1; } }");

        assertThat(kernel.run("class Net { int size() { return 2; } }", "new Net().size()")
                        .value())
                .isEqualTo("2");
    }

    @Test
    void ourGsonIsNewEnoughForTheLibrary() {
        assertThat(kernel.run("com.google.gson.JsonParser.parseString(\"[1]\").getAsJsonArray().asList()")
                        .value())
                .isEqualTo("[1]");
    }

    @Test
    void silentCellsLeaveNoTrace() {
        int before = kernel.run("0").reply().get("execution_count").getAsInt();
        Outcome silent = kernel.run("7 + 7", Map.of("silent", true));
        Outcome unstored = kernel.run("8", Map.of("store_history", false));
        int after = kernel.run("0").reply().get("execution_count").getAsInt();

        assertThat(silent.outputs()).isEmpty();
        assertThat(unstored.value()).isEqualTo("8");
        assertThat(after).isEqualTo(before + 1);
    }

    @Test
    void userExpressionsAreEvaluatedBesideTheCell() {
        JsonObject values = kernel.run(
                        "int base = 3;", Map.of("user_expressions", Map.of("good", "base + 1", "bad", "nope")))
                .reply()
                .getAsJsonObject("user_expressions");

        JsonObject good = values.getAsJsonObject("good");
        assertThat(good.getAsJsonObject("data").get("text/plain").getAsString()).isEqualTo("4");
        assertThat(values.getAsJsonObject("bad").get("status").getAsString()).isEqualTo("error");
    }

    @Test
    void inputIsAskedForAndRefusedWhereItCannotBe() {
        String id = kernel.submit("new Scanner(System.in).nextLine()", Map.of("allow_stdin", true));
        kernel.await("a question", message -> message.type().equals("input_request"));
        kernel.send("stdin", "input_reply", Map.of("value", "typed"));

        assertThat(kernel.outcome(id).value()).isEqualTo("typed");
        assertThat(kernel.run("System.in.read()").only("error").text("evalue"))
                .isEqualTo("input is not possible here: the front end that runs this cell does not take any");
    }

    @Test
    void completenessHasThreeAnswers() {
        assertThat(completeness("int x = 1")).isEqualTo("complete");
        assertThat(completeness("%jars lib/*.jar")).isEqualTo("complete");
        assertThat(completeness("class A {")).isEqualTo("incomplete");
        assertThat(completeness("foo) {")).isEqualTo("invalid");
    }

    private static String completeness(String code) {
        return kernel.ask("shell", "is_complete_request", Map.of("code", code))
                .get("status")
                .getAsString();
    }

    @Test
    void theHistoryCanBeReadFromTheEndByNumberAndByPattern() {
        int count = kernel.run("\"needle \" + 1").reply().get("execution_count").getAsInt();
        kernel.run("2");

        assertThat(history(Map.of("hist_access_type", "tail", "n", 2))).containsExactly("\"needle \" + 1", "2");
        assertThat(history(Map.of("hist_access_type", "range", "session", 0, "start", count, "stop", count + 1)))
                .containsExactly("\"needle \" + 1");
        assertThat(history(Map.of("hist_access_type", "search", "pattern", "*needle*", "n", 1)))
                .hasSize(1);
    }

    private static List<String> history(Map<String, Object> request) {
        Map<String, Object> content = new LinkedHashMap<>(Map.of("output", false, "raw", true));
        content.putAll(request);
        List<String> codes = new ArrayList<>();
        for (JsonElement entry : kernel.ask("shell", "history_request", content).getAsJsonArray("history")) {
            codes.add(entry.getAsJsonArray().get(2).getAsString());
        }
        return codes;
    }

    @Test
    void theKernelSaysWhatItIsAndAnswersWhileACellRuns() {
        String id = kernel.submit("System.out.println(\"runs\"); Thread.sleep(1500);", Map.of());
        kernel.awaitPrinted(id, "runs");
        JsonObject info = kernel.ask("control", "kernel_info_request", Map.of());

        assertThat(info.get("status").getAsString()).isEqualTo("ok");
        assertThat(info.getAsJsonObject("language_info").get("name").getAsString())
                .isEqualTo("java");
        assertThat(kernel.beats()).isTrue();
        assertThat(kernel.outcome(id).status()).isEqualTo("ok");
    }

    @Test
    void completionKnowsKindsMagicsAndWhatTheCellDeclaresBefore() {
        JsonObject reply = complete("import java.time.*;\nvar names = List.of(\"a\");\nnames.siz");
        JsonObject kind = reply.getAsJsonObject("metadata")
                .getAsJsonArray("_jupyter_types_experimental")
                .get(0)
                .getAsJsonObject();

        assertThat(matches(reply)).containsExactly("size()");
        assertThat(kind.get("type").getAsString()).isEqualTo("function");
        assertThat(matches(complete("%ja"))).containsExactly("%jars");
        assertThat(matches(complete("%%ti"))).containsExactly("%%time");
        assertThat(matches(complete("\"\ud83d\ude00\".isEm"))).containsExactly("isEmpty()");
        assertThat(complete("\"\ud83d\ude00\".isEm").get("cursor_start").getAsInt())
                .isEqualTo(4);
    }

    private static JsonObject complete(String code) {
        int end = code.codePointCount(0, code.length());
        return kernel.ask("shell", "complete_request", Map.of("code", code, "cursor_pos", end));
    }

    private static List<String> matches(JsonObject reply) {
        JsonArray matches = reply.getAsJsonArray("matches");
        List<String> texts = new ArrayList<>();
        matches.forEach(match -> texts.add(match.getAsString()));
        return texts;
    }

    @Test
    void inspectionWorksAnywhereInACall() {
        String code = "int root = (int) Math.sqrt(2);";
        for (int cursor : new int[] {code.indexOf("sqrt"), code.indexOf("(2"), code.indexOf("2"), code.length()}) {
            JsonObject reply = kernel.ask(
                    "shell", "inspect_request", Map.of("code", code, "cursor_pos", cursor, "detail_level", 0));

            assertThat(reply.get("found").getAsBoolean()).as("at %d", cursor).isTrue();
            assertThat(reply.getAsJsonObject("data").get("text/plain").getAsString())
                    .startsWith("double Math.sqrt(double a)");
        }
        assertThat(kernel.ask("shell", "inspect_request", Map.of("code", "zzz", "cursor_pos", 1, "detail_level", 0))
                        .get("found")
                        .getAsBoolean())
                .isFalse();
    }

    @Test
    void commsRunOnTheNotebookThreadAndPrintIntoTheNotebook() {
        kernel.run(
                "import io.github.spencerpark.jupyter.kernel.comm.*;",
                "import io.github.spencerpark.jupyter.messages.Message;",
                "import io.github.spencerpark.jupyter.messages.comm.*;",
                "class Echo extends Comm {",
                "  Echo(CommManager manager, String id, String target) { super(manager, id, target); }",
                "  protected void onMessage(Message<CommMsgCommand> message) {",
                "    System.out.print(Thread.currentThread().getName() + message.getContent().getData());",
                "    send(message.getContent().getData());",
                "  }",
                "  protected void onClose(Message<CommCloseCommand> message, boolean sending) {}",
                "}",
                "getKernelInstance().getCommManager().registerTarget(\"echo\", (m, id, target, message) -> new Echo(m, id, target));");
        kernel.send("shell", "comm_open", Map.of("comm_id", "c1", "target_name", "echo", "data", Map.of()));
        String id = kernel.send("shell", "comm_msg", Map.of("comm_id", "c1", "data", Map.of("n", 1)));

        kernel.awaitPrinted(id, "notebook{\"n\":1}");
        assertThat(kernel.next(Duration.ofSeconds(20), message -> message.type().equals("comm_msg")))
                .isPresent();
        assertThat(kernel.ask("shell", "comm_info_request", Map.of("target_name", "echo"))
                        .getAsJsonObject("comms")
                        .has("c1"))
                .isTrue();
    }

    @Test
    void aCommThatNobodyTakesIsClosed() {
        kernel.send("shell", "comm_open", Map.of("comm_id", "c2", "target_name", "nobody", "data", Map.of()));

        assertThat(kernel.next(Duration.ofSeconds(20), message -> message.type().equals("comm_close")))
                .isPresent();
    }
}
