using System.Collections.Frozen;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>
/// All functions of the language by name, with their signatures. `$eval` is not among them, as in Step Functions, whose
/// own functions are at the end.
/// </summary>
internal static class Library
{
    private static readonly FrozenDictionary<string, NativeFunction> Functions = All()
        .ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public static FunctionValue? Find(string name) => Functions.GetValueOrDefault(name);

    private static NativeFunction[] All() =>
    [
        .. Numbers(), .. Texts(), .. Patterns(), .. Collections(), .. HigherOrder(), .. Objects(), .. Times(),
        .. StepFunctions(),
    ];

    private static NativeFunction Make(
        string name, string signature, int parameters, Func<Evaluation, DataValue?[], DataValue?> body) =>
        new(name, signature, parameters, body);

    private static NativeFunction[] Numbers() =>
    [
        Make("sum", "<a<n>:n>", 1, Aggregates.Sum),
        Make("count", "<a:n>", 1, Aggregates.Count),
        Make("max", "<a<n>:n>", 1, Aggregates.Max),
        Make("min", "<a<n>:n>", 1, Aggregates.Min),
        Make("average", "<a<n>:n>", 1, Aggregates.Average),
        Make("number", "<(nsb)-:n>", 1, NumberFunctions.Number),
        Make("floor", "<n-:n>", 1, NumberFunctions.Floor),
        Make("ceil", "<n-:n>", 1, NumberFunctions.Ceil),
        Make("round", "<n-n?:n>", 2, NumberFunctions.Round),
        Make("abs", "<n-:n>", 1, NumberFunctions.Abs),
        Make("sqrt", "<n-:n>", 1, NumberFunctions.Sqrt),
        Make("power", "<n-n:n>", 2, NumberFunctions.Power),
        Make("formatBase", "<n-n?:s>", 2, NumberFunctions.FormatBase),
        Make("formatNumber", "<n-so?:s>", 3, FormatNumber.Invoke),
        Make("formatInteger", "<n-s:s>", 2, IntegerFunctions.Format),
        Make("parseInteger", "<s-s:n>", 2, IntegerFunctions.Parse),
        Make("boolean", "<x-:b>", 1, NumberFunctions.Boolean),
        Make("not", "<x-:b>", 1, NumberFunctions.Not),
    ];

    private static NativeFunction[] Texts() =>
    [
        Make("string", "<x-b?:s>", 1, TextFunctions.String),
        Make("substring", "<s-nn?:s>", 3, TextFunctions.Substring),
        Make("substringBefore", "<s-s:s>", 2, TextFunctions.SubstringBefore),
        Make("substringAfter", "<s-s:s>", 2, TextFunctions.SubstringAfter),
        Make("lowercase", "<s-:s>", 1, TextFunctions.Lowercase),
        Make("uppercase", "<s-:s>", 1, TextFunctions.Uppercase),
        Make("length", "<s-:n>", 1, TextFunctions.Length),
        Make("trim", "<s-:s>", 1, TextFunctions.Trim),
        Make("pad", "<s-ns?:s>", 3, TextFunctions.Pad),
        Make("join", "<a<s>s?:s>", 2, TextFunctions.Join),
        Make("base64encode", "<s-:s>", 1, Encodings.ToBase64),
        Make("base64decode", "<s-:s>", 1, Encodings.FromBase64),
        Make("encodeUrlComponent", "<s-:s>", 1, Encodings.EncodeUrlComponent),
        Make("encodeUrl", "<s-:s>", 1, Encodings.EncodeUrl),
        Make("decodeUrlComponent", "<s-:s>", 1, Encodings.DecodeUrlComponent),
        Make("decodeUrl", "<s-:s>", 1, Encodings.DecodeUrl),
    ];

    private static NativeFunction[] Patterns() =>
    [
        Make("match", "<s-f<s:o>n?:a<o>>", 3, PatternFunctions.Match),
        Make("contains", "<s-(sf):b>", 2, PatternFunctions.Contains),
        Make("replace", "<s-(sf)(sf)n?:s>", 4, PatternFunctions.Replace),
        Make("split", "<s-(sf)n?:a<s>>", 3, PatternFunctions.Split),
    ];

    private static NativeFunction[] Collections() =>
    [
        Make("append", "<xx:a>", 2, ArrayFunctions.Append),
        Make("exists", "<x:b>", 1, ArrayFunctions.Exists),
        Make("reverse", "<a:a>", 1, ArrayFunctions.Reverse),
        Make("zip", "<a+>", 0, ArrayFunctions.Zip),
        Make("distinct", "<x:x>", 1, ArrayFunctions.Distinct),
        Make("sort", "<af?:a>", 2, ArrayFunctions.Sort),
        Make("shuffle", "<a:a>", 1, ArrayFunctions.Shuffle),
    ];

    private static NativeFunction[] HigherOrder() =>
    [
        Make("map", "<af>", 2, HigherOrderFunctions.Map),
        Make("filter", "<af>", 2, HigherOrderFunctions.Filter),
        Make("single", "<af?>", 2, HigherOrderFunctions.Single),
        Make("reduce", "<afj?:j>", 3, HigherOrderFunctions.Reduce),
        Make("sift", "<o-f?:o>", 2, HigherOrderFunctions.Sift),
        Make("each", "<o-f:a>", 2, HigherOrderFunctions.Each),
    ];

    private static NativeFunction[] Objects() =>
    [
        Make("keys", "<x-:a<s>>", 1, ObjectFunctions.Keys),
        Make("lookup", "<x-s:x>", 2, ObjectFunctions.Lookup),
        Make("spread", "<x-:a<o>>", 1, ObjectFunctions.Spread),
        Make("merge", "<a<o>:o>", 1, ObjectFunctions.Merge),
        Make("clone", "<(oa)-:o>", 1, ObjectFunctions.Clone),
        Make("type", "<x:s>", 1, ObjectFunctions.Type),
        Make("error", "<s?:x>", 1, ObjectFunctions.Error),
        Make("assert", "<bs?:x>", 2, ObjectFunctions.Assert),
    ];

    private static NativeFunction[] Times() =>
    [
        Make("now", "<s?s?:s>", 0, TimeFunctions.Now),
        Make("millis", "<:n>", 0, TimeFunctions.Millis),
        Make("toMillis", "<s-s?:n>", 2, TimeFunctions.ToMillis),
        Make("fromMillis", "<n-s?s?:s>", 3, TimeFunctions.FromMillis),
    ];

    private static NativeFunction[] StepFunctions() =>
    [
        Make("partition", "<an:a>", 2, WorkflowFunctions.Partition),
        Make("range", "<nnn:a>", 3, WorkflowFunctions.Range),
        Make("hash", "<(jx)s:s>", 2, WorkflowFunctions.Hash),
        Make("random", "<n?:n>", 1, WorkflowFunctions.Random),
        Make("uuid", "<:s>", 0, WorkflowFunctions.Uuid),
        Make("parse", "<s-:x>", 1, WorkflowFunctions.Parse),
    ];
}
