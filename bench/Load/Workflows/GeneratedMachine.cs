using System.Globalization;
using System.Text;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;

namespace Lambent.Load.Workflows;

/// <summary>
/// State machines made by chance: every type of state, both query languages, nested branches and iterations, tasks that
/// fail, take long, or are tried again. The same seed is the same machine.
/// </summary>
internal sealed class GeneratedMachine
{
    private const int DepthMax = 3;
    private const int StatesMax = 30;
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:f";

    private readonly Random chance;
    private readonly bool isJsonata;
    private readonly bool hasRaces;
    private readonly Dictionary<string, IReadOnlyList<DataValue>> tasks = [];
    private int states;

    private GeneratedMachine(int seed)
    {
        chance = new Random(seed);
        isJsonata = chance.Next(2) == 0;
        hasRaces = chance.Next(3) == 0;
    }

    public static ScriptedMachine Of(int seed)
    {
        var machine = new GeneratedMachine(seed);
        var text = machine.Definition();
        var reading = DefinitionReader.Read(text, new DefinitionOptions(IsExpress: false));
        var definition = reading.Definition ?? throw new InvalidOperationException(
            $"Seed {seed}: {reading.Diagnostics.FirstOrDefault(wrong => wrong.IsError)}\n{text}");
        var input = DataReader.ReadOwn("""{"n":3,"list":[4,5,6],"text":"abc","flag":true}"""u8);
        return new ScriptedMachine($"seed {seed}", definition, input, machine.tasks, machine.hasRaces);
    }

    private string Definition()
    {
        var timeout = chance.Next(10) == 0 ? $"\"TimeoutSeconds\": {chance.Next(1, 200)}, " : "";
        var language = isJsonata ? "\"QueryLanguage\": \"JSONata\", " : "";
        return $"{{{language}{timeout}{Graph(0)}}}";
    }

    /// <summary>A few states one after the other; a Choice may leave some out.</summary>
    private string Graph(int depth)
    {
        var count = chance.Next(1, depth == 0 ? 6 : 4);
        var names = Enumerable.Range(0, count).Select(_ => Invariant($"S{states++}")).ToList();
        var body = new StringBuilder(Invariant($"\"StartAt\": \"{names[0]}\", \"States\": {{"));
        for (var index = 0; index < count; index++)
        {
            var isLast = index == count - 1;
            var next = isLast ? "\"End\": true" : $"\"Next\": \"{names[index + 1]}\"";
            var state = isLast && MayFail(depth) && chance.Next(12) == 0 ? Failing()
                : isLast && chance.Next(8) == 0 ? "\"Type\": \"Succeed\""
                : State(names, index, depth, next);
            body.Append(index == 0 ? "" : ", ").Append(Invariant($"\"{names[index]}\": {{{state}}}"));
        }

        return body.Append('}').ToString();
    }

    /// <summary>Outside of branches one thing happens after the other, and what fails, fails.</summary>
    private bool MayFail(int depth) => depth == 0 || hasRaces;

    private string State(List<string> names, int index, int depth, string next)
    {
        var isDeep = depth >= DepthMax || states > StatesMax;
        return chance.Next(isDeep ? 10 : 14) switch
        {
            0 or 1 => $"\"Type\": \"Pass\", {Output()}{Assign()}{next}",
            2 => $"\"Type\": \"Wait\", \"Seconds\": {chance.Next(0, 90)}, {next}",
            3 when index < names.Count - 1 => Choice(names, index),
            3 or 4 or 5 or 6 or 7 or 8 or 9 => Task(names, index, depth, next),
            10 or 11 => Parallel(names, index, depth, next),
            _ => Map(names, index, depth, next),
        };
    }

    private static string Failing() => "\"Type\": \"Fail\", \"Error\": \"Made\", \"Cause\": \"by chance\"";

    private string Output() => (isJsonata, chance.Next(3)) switch
    {
        (_, 0) => "",
        (true, 1) => "\"Output\": {\"n\": \"{% $random() < 0.5 ? 1 : 2 %}\", \"list\": [1, 2], "
            + "\"text\": \"{% $uuid() %}\"}, ",
        (true, _) => "\"Output\": \"{% $merge([$type($states.input) = 'object' ? $states.input : {}, "
            + "{'n': 7, 'list': [7, 8]}]) %}\", ",
        (false, 1) => "\"Parameters\": {\"n.$\": \"States.MathRandom(1, 9)\", \"list\": [1, 2], "
            + "\"text.$\": \"States.UUID()\"}, ",
        _ => "\"Result\": {\"n\": 7, \"list\": [7, 8]}, \"ResultPath\": \"$.r\", ",
    };

    private string Assign() => chance.Next(4) != 0 ? ""
        : isJsonata ? "\"Assign\": {\"v\": \"{% $states.input.n %}\"}, "
        : "\"Assign\": {\"v\": 5}, ";

    private string Choice(List<string> names, int index)
    {
        var target = names[chance.Next(index + 1, names.Count)];
        var condition = isJsonata
            ? $"\"Condition\": \"{{% $states.input.n > {chance.Next(8)} %}}\""
            : Invariant($"\"Variable\": \"$.n\", \"NumericGreaterThan\": {chance.Next(8)}");
        var otherwise = chance.Next(6) == 0 ? "" : $", \"Default\": \"{names[index + 1]}\"";

        // What is left out by the choice alone must be reachable otherwise.
        otherwise = target == names[index + 1] ? otherwise : $", \"Default\": \"{names[index + 1]}\"";
        return $"\"Type\": \"Choice\", \"Choices\": [{{{condition}, \"Next\": \"{target}\"}}]{otherwise}";
    }

    private string Task(List<string> names, int index, int depth, string next)
    {
        tasks[names[index]] = [.. Enumerable.Range(0, 4).Select(_ => Answer(MayFail(depth)))];
        var resource = chance.Next(6) switch
        {
            0 => "arn:aws:states:::lambda:invoke.waitForTaskToken",
            1 => "arn:aws:states:us-east-1:000000000000:activity:a",
            2 => "arn:aws:states:::lambda:invoke",
            _ => Function,
        };
        var timeout = MayFail(depth) && chance.Next(3) == 0
            ? Invariant($"\"TimeoutSeconds\": {chance.Next(2, 40)}, ")
            : "";
        var parameters = !resource.Contains(":::", StringComparison.Ordinal) ? ""
            : isJsonata ? "\"Arguments\": {\"FunctionName\": \"f\", \"Payload\": \"{% $states.input %}\"}, "
            : "\"Parameters\": {\"FunctionName\": \"f\", \"Payload.$\": \"$\"}, ";
        var failures = Failures(names, index);
        return $"\"Type\": \"Task\", \"Resource\": \"{resource}\", {parameters}{timeout}{Result()}{failures}{next}";
    }

    private DataObject Answer(bool mayFail)
    {
        var delay = chance.Next(3) == 0 ? chance.Next(0, 60) : 0;
        return mayFail && chance.Next(4) == 0
            ? new DataObject(("error", $"E{chance.Next(3)}"), ("cause", "made"), ("afterSeconds", delay))
            : new DataObject(
                ("result", new DataObject(("n", chance.Next(9)), ("list", new DataArray([1, 2])))),
                ("afterSeconds", delay));
    }

    private string Result() => chance.Next(3) == 0 ? ""
        : isJsonata ? "\"Output\": {\"n\": \"{% $states.result.n %}\", \"list\": [3, 4]}, "
        : "\"ResultPath\": \"$.r\", ";

    /// <summary>Retriers, and a catcher that goes to a later state.</summary>
    private string Failures(List<string> names, int index)
    {
        var text = new StringBuilder();
        if (chance.Next(2) == 0)
        {
            var jitter = chance.Next(2) == 0 ? ", \"JitterStrategy\": \"FULL\"" : "";
            text.Append(Invariant(
                $"\"Retry\": [{{\"ErrorEquals\": [\"E{chance.Next(3)}\", \"States.Timeout\"], "));
            text.Append(Invariant(
                $"\"IntervalSeconds\": {chance.Next(1, 20)}, \"MaxAttempts\": {chance.Next(0, 3)}, "));
            text.Append(Invariant($"\"BackoffRate\": 1.5{jitter}}}], "));
        }

        if (index < names.Count - 1 && chance.Next(2) == 0)
        {
            var target = names[chance.Next(index + 1, names.Count)];
            text.Append(Invariant($"\"Catch\": [{{\"ErrorEquals\": [\"States.ALL\"], \"Next\": \"{target}\"}}], "));
        }

        return text.ToString();
    }

    private string Parallel(List<string> names, int index, int depth, string next)
    {
        var branches = string.Join(
            ", ", Enumerable.Range(0, chance.Next(1, 4)).Select(_ => $"{{{Graph(depth + 1)}}}"));
        var completion = hasRaces && chance.Next(4) == 0 ? "\"Completion\": \"FIRST\", " : "";
        return $"\"Type\": \"Parallel\", {completion}\"Branches\": [{branches}], "
            + $"{Reshape()}{Failures(names, index)}{next}";
    }

    private string Map(List<string> names, int index, int depth, string next)
    {
        var concurrency = chance.Next(3) == 0 ? Invariant($"\"MaxConcurrency\": {chance.Next(1, 3)}, ") : "";
        var items = isJsonata ? "\"Items\": \"{% [$states.input.list] %}\", " : "\"ItemsPath\": \"$.list\", ";
        var selector = isJsonata
            ? "\"ItemSelector\": {\"n\": \"{% $states.context.Map.Item.Value %}\", \"list\": [1]}, "
            : "\"ItemSelector\": {\"n.$\": \"$$.Map.Item.Value\", \"list\": [1]}, ";
        var distributed = chance.Next(4) == 0
            ? "\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}, "
            : "";
        return $"\"Type\": \"Map\", {items}{selector}{concurrency}"
            + $"\"ItemProcessor\": {{{distributed}{Graph(depth + 1)}}}, {Reshape()}{Failures(names, index)}{next}";
    }

    private string Reshape() => isJsonata
        ? "\"Output\": {\"n\": \"{% $count($states.result) %}\", \"list\": [8, 9]}, "
        : "\"ResultPath\": \"$.r\", ";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
