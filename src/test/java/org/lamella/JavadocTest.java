// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Every public type and member says what one gets. Parameters and results that the first sentence already tells need no
 * tag, which is why this test and not doclint's group "missing" asks for the sentences.
 */
class JavadocTest {
    private static final Path HOUSE = Path.of("src/main/java/org/lamella");

    @Test
    void everyPublicTypeAndMemberHasItsSentence() throws IOException {
        List<String> silent = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
            DocTrees comments = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree type : unit.getTypeDecls()) {
                    visit(unit, new TreePath(new TreePath(unit), type), false, comments, silent);
                }
            }
        }

        assertThat(silent).isEmpty();
    }

    private static void visit(
            CompilationUnitTree unit, TreePath path, boolean openByNature, DocTrees comments, List<String> silent) {
        Tree tree = path.getLeaf();
        ModifiersTree modifiers = modifiers(tree);
        if (modifiers == null
                || !(openByNature || modifiers.getFlags().contains(Modifier.PUBLIC))
                || overrides(modifiers)) {
            return;
        }
        String comment = comments.getDocComment(path);
        if (comment == null || comment.isBlank() || comment.strip().startsWith("@")) {
            long line = unit.getLineMap()
                    .getLineNumber(comments.getSourcePositions().getStartPosition(unit, tree));
            silent.add(Path.of(unit.getSourceFile().getName()).getFileName() + ":" + line);
        }
        if (tree instanceof ClassTree type) {
            boolean open = type.getKind() == Tree.Kind.INTERFACE;
            for (Tree member : type.getMembers()) {
                boolean constant = type.getKind() == Tree.Kind.ENUM && isConstant(member);
                visit(unit, new TreePath(path, member), open || constant, comments, silent);
            }
        }
    }

    /** Compact constructors and other members of a record that restate its components are the record's own comment. */
    private static ModifiersTree modifiers(Tree tree) {
        if (tree instanceof ClassTree type) {
            return type.getModifiers();
        }
        if (tree instanceof MethodTree method) {
            return method.getReturnType() == null ? null : method.getModifiers();
        }
        return tree instanceof VariableTree variable ? variable.getModifiers() : null;
    }

    private static boolean isConstant(Tree member) {
        return member instanceof VariableTree variable
                && variable.getModifiers()
                        .getFlags()
                        .containsAll(List.of(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL));
    }

    private static boolean overrides(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> found = Files.walk(HOUSE)) {
            return found.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.startsWith(HOUSE.resolve("kernel")))
                    .toList();
        }
    }
}
