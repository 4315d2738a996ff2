// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The house of the design holds: the arrows between its rooms and the rules that no compiler knows. */
class ArchitectureTest {
    private static final Path COMPILED = Path.of("target/classes/org/lamella");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final JavaClasses HOUSE = new ClassFileImporter().importPath(COMPILED);

    /** Which rooms a room may use. A room that is not built yet has no classes and breaks nothing. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("base", List.of()),
            Map.entry("tensor", List.of("base")),
            Map.entry("data", List.of("base")),
            Map.entry("model", List.of("tensor", "data", "base")),
            Map.entry("eval", List.of("model", "data", "base")),
            Map.entry("score", List.of("model", "tensor", "data", "base")),
            Map.entry("lora", List.of("eval", "model", "tensor", "data", "base")),
            Map.entry("boundary", List.of("lora", "eval", "model", "tensor", "data", "base")),
            Map.entry("study", List.of("boundary", "lora", "score", "eval", "model", "tensor", "data", "base")),
            Map.entry("notebook", List.of("base")),
            Map.entry("kernel", List.of()),
            Map.entry(
                    "app",
                    List.of(
                            "study",
                            "boundary",
                            "lora",
                            "score",
                            "eval",
                            "model",
                            "tensor",
                            "data",
                            "notebook",
                            "base")));

    private static final List<String> ROOMS = ARROWS.keySet().stream().sorted().toList();

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomUsesOnlyTheRoomsItMay(String room) {
        List<String> allowed = new ArrayList<>(List.of(inside(room)));
        ARROWS.get(room).forEach(other -> allowed.add(inside(other)));

        ArchRule rule = classes()
                .that()
                .resideInAPackage(inside(room))
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage("org.lamella..").or(resideInAnyPackage(allowed.toArray(String[]::new))))
                .allowEmptyShould(true);

        rule.check(HOUSE);
    }

    @Test
    void everyClassLivesInARoom() {
        classes()
                .should()
                .resideInAnyPackage(ROOMS.stream().map(ArchitectureTest::inside).toArray(String[]::new))
                .check(HOUSE);
    }

    @Test
    void roomsAreFreeOfCycles() {
        slices().matching("org.lamella.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void onlyTensorKnowsTheEngineAndOnlyModelItsTokenizers() {
        noClasses()
                .that()
                .resideOutsideOfPackages(inside("tensor"), inside("model"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .check(HOUSE);
        noClasses()
                .that()
                .resideInAPackage(inside("model"))
                .should()
                .dependOnClassesThat(describe(
                        "are the engine's, its tokenizers and the list of pairs they take excepted",
                        used -> used.getPackageName().startsWith("ai.djl")
                                && !used.getPackageName().startsWith("ai.djl.huggingface.tokenizers")
                                && !used.getName().equals("ai.djl.util.PairList")))
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    @Test
    void chanceComesFromASeedOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(assignableTo(Random.class).or(assignableTo(ThreadLocalRandom.class)))
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(StrictMath.class, "random")
                .orShould()
                .callMethod(Collections.class, "shuffle", List.class)
                .check(HOUSE);
    }

    @Test
    void onlyTheCommandLineAndTheKernelTouchStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackages(inside("app"), inside("kernel"))
                .should(ACCESS_STANDARD_STREAMS)
                .check(HOUSE);
    }

    @Test
    void onlyRecordsAndExceptionsHavePublicConstructors() {
        constructors()
                .that()
                .areDeclaredInClassesThat(describe(
                        "are public, and neither records nor exceptions",
                        owner -> visible(owner) && !owner.isRecord() && !owner.isAssignableTo(Throwable.class)))
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage(inside("kernel"))
                .should()
                .notBePublic()
                .check(HOUSE);
    }

    @Test
    void namesAreNounsOfTheField() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Utils?|Helpers?|Managers?|Data|Infos?)")
                .check(HOUSE);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = HOUSE.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(each -> each.getName())
                .sorted()
                .toList();

        assertThat(unmarked).isEmpty();
    }

    @Test
    void everyPackageHasItsOpeningPage() throws IOException {
        List<Path> pagesMissing = files(SOURCES, ".java").stream()
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                .toList();

        assertThat(pagesMissing).isEmpty();
    }

    @Test
    void everySourceNamesItsLicenceFirst() throws IOException {
        Predicate<Path> bare = source -> !firstLine(source).equals("// SPDX-License-Identifier: Apache-2.0");

        assertThat(files(SOURCES, ".java").stream().filter(bare)).isEmpty();
        assertThat(files(Path.of("src/test/java"), ".java").stream().filter(bare))
                .isEmpty();
    }

    @Test
    void theseRulesSawEveryClassThereIs() throws IOException {
        assertThat(HOUSE).hasSizeGreaterThanOrEqualTo(files(COMPILED, ".class").size());
        assertThat(HOUSE.contain("org.lamella.base.Result")).isTrue();
    }

    /** A room has a package of its own and packages below it. */
    private static String inside(String room) {
        return "org.lamella." + room + "..";
    }

    private static boolean visible(JavaClass owner) {
        boolean open = owner.getModifiers().contains(JavaModifier.PUBLIC);
        return open && owner.getEnclosingClass().map(ArchitectureTest::visible).orElse(true);
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(path -> path.toString().endsWith(ending)).toList();
        }
    }

    private static String firstLine(Path source) {
        try (Stream<String> lines = Files.lines(source)) {
            return lines.findFirst().orElse("");
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
