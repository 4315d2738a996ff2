// The story of the design: what a person types, cell by cell. StoryIT runs every line as it stands.

// load: one frozen model, one task; a cell that ends in either shows what it is
var model = Transformer.load("minilm");             // a known name, or a folder in Hugging Face layout
var task  = Task.load("reuters-r8");                 // also Task.from(table).text("body").label("topic")
model.summary()                                      // layer, modules, shapes, parameters, dtype, bytes
task.summary()                                       // splits, label counts, lengths in tokens, what is cut
model.representations(task.test().head(8), Position.CLS).layer(3)   // a Matrix 8 x 384; layer 0 is the embedding output
model.tokens("Shares rose 12 pct")                   // position, id, token
var decoder = Transformer.load("smollm2-135m");
decoder.next("The capital of France is", 10)
decoder.logits("The capital of France is").length

// score: how much does each layer change the representation?
var scores = Cka.scoreLayers(model, task.train().sample(256, 0));
scores                                               // layer, cka, low, high (95 % bootstrap), importance, note ("undefined: the input is constant")
scores.matrix()                                      // every layer against every layer, as a heat map
var layers = scores.topShare(0.5);                   // LayerSet, most important first half; also scores.top(3); prints 010011, layers [1, 4, 5] of 6
Cka.scoreLayers(model, task.train().head(64), Protocol.published())   // what the paper's code computes, quirks and all (not its cost); default Protocol.corrected()
Fisher.scoreLayers(model, task.train().sample(64, 0))                 // the paper's FIM baseline; the same LayerScores
model.layers().first(3)                              // controls: .last(3) .middle(3) .extremes(3) .alternate(3) .random(3, seed) .only(1, 4); layers.complement(), LayerSet.parse("010011")

// train: a recipe is a value; a control differs in its layers only
var recipe = Lora.on(layers).rank(8).alpha(16).dropout(0.1).targets("query", "value");
var how    = Training.standard().epochs(3).batchSize(32).learningRate(3e-3).warmup(0.06).weightDecay(0.1).maxTokens(64).seed(0);
var train  = task.train().sample(800, 0);
var run    = recipe.train(model, train, how);        // Run: step, loss, learning rate, tokens per second; the loss curve
var every  = recipe.layers(model.layers()).train(model, train, how);
var other  = recipe.layers(layers.complement()).train(model, train, how);
var head   = Lora.headOnly().train(model, train, how);
recipe.rankStabilised().trainableParameters(model)   // also .alpha(32)

// evaluate
var chosen = run.evaluate(task.test()).named("CKA half");
chosen.against(every.evaluate(task.test()).named("all"), other.evaluate(task.test()).named("other half"), head.evaluate(task.test()).named("head only"))
run.model().predict("grain shipments fell")          // label and probabilities; predict(split) has a row per text and .mistakes()
Evaluation.measure(model.with(run.adapter()), task.test())
decoder.generate("Natalia sold clips to 48 of her friends.", Generation.greedy().maxTokens(128))
decoder.chat("What is the capital of France?")

// boundary: adapters at layers with index < b stay, those above are switched off; nothing is trained again
var sweep = Boundary.sweep(model, run.adapter(), task.validation());   // boundary, loss, each metric with low and high; b = 0..depth, equal kept sets computed once
sweep.boundary()
Boundary.trace(model, run.adapter(), task.validation())                // probability of the truth read after each layer
var kept = run.adapter().keeping(sweep.boundary());
Evaluation.measure(model.with(kept), task.test()).named("kept").against(chosen)

// keep
kept.save(Path.of("target/adapters/r8"));            // a stock PEFT folder, replaced whole or not at all
Adapter.load(Path.of("target/adapters/r8"));         // model.with(adapter) checks that it fits
run.save(Path.of("target/runs/r8"));                 // Run.load(...)
run.provenance().recipe()                            // the lines that make this result again
model.close();                                       // optional: unreachable models free themselves
