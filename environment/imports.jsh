// SPDX-License-Identifier: Apache-2.0
// What every notebook starts with. The kernel reads it; so does plain jshell:
//   jshell --class-path 'target/lamella.jar:target/lib/*' environment/imports.jsh
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import org.lamella.base.*;
import org.lamella.base.chart.*;
import org.lamella.base.picture.*;
import org.lamella.boundary.*;
import org.lamella.data.*;
import org.lamella.eval.*;
import org.lamella.lora.*;
import org.lamella.model.*;
import org.lamella.notebook.*;
import org.lamella.score.*;
import org.lamella.study.*;
import org.lamella.tensor.DType;
import tech.tablesaw.api.*;
import tech.tablesaw.plotly.components.Figure;
Notebook.install();
