using Lambent.Kernel.Tests.Workflows.Expressions;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Expressions.Intrinsics;
using Lambent.Kernel.Workflows.Expressions.Paths;
using Lambent.Kernel.Workflows.Expressions.Templates;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows;

/// <summary>
/// Texts made by chance, and machines changed by chance: whatever they hold is read or refused, and what was read is
/// evaluated or fails, without an exception and within the bounds. The seeds are fixed, so that a failure stays one.
/// </summary>
public sealed class WorkflowFuzzTests
{
    private const int Rounds = 3_000;

    private static readonly string[] PathParts =
    [
        "$", "$$", "@", ".", "..", "*", "[", "]", "'", "\"", "a", "b", "0", "1", "-1", ":", ",", "?", "(",
        ")", "==", "!", "&&", "||", "<", "=~", "/a/", "in", " ", "null", "true", "length()", "\\", "[*]",
        ".a", "[0]", "$.a", "[?(@.a", ")]", "é",
    ];

    private static readonly string[] Functions =
    [
        "Format", "StringToJson", "JsonToString", "Array", "ArrayPartition", "ArrayContains", "ArrayRange",
        "ArrayGetItem", "ArrayLength", "ArrayUnique", "Base64Encode", "Base64Decode", "Hash", "JsonMerge",
        "MathRandom", "MathAdd", "StringSplit", "UUID", "Nope",
    ];

    private static readonly string[] Arguments =
    [
        "$", "$.a", "$.a[0]", "$.none", "$inner", "$$.State", "'{}'", "'a,b'", "'MD5'", "'\\''", "1", "2",
        "-2.5", "1e9", "1e400", "null", "true", "false", "", "'", "{", "'{\"x\":1}'",
    ];

    private static readonly string[] Words =
    [
        "", "$", "$.a", "$..*", "States.UUID()", "{% 1 %}", "{% ", "x", "States.ALL", "JSONata", "JSONPath",
        "Pass", "Task", "Map", "2026-01-01T00:00:00Z", "*", "\\*", "arn:aws:states:::lambda:invoke", "::::::",
        "X", "A", "${a}",
    ];

    private static readonly string[] Fields =
    [
        "Type", "Next", "End", "Retry", "Catch", "Choices", "Branches", "ItemProcessor", "Iterator", "States",
        "StartAt", "InputPath", "ResultPath", "Parameters", "Arguments", "Output", "Assign", "Seconds",
        "SecondsPath", "Timestamp", "QueryLanguage", "Condition", "Variable", "And", "Not", "StringMatches",
        "IsNull", "a.$", "Credentials", "Resource", "TimeoutSeconds", "HeartbeatSeconds", "ItemReader",
        "ReaderConfig", "ItemBatcher", "ResultWriter", "Label", "Error",
    ];

    [Fact]
    public void Paths_madeByChance_neverThrow()
    {
        var random = new Random(1);
        var scope = ExpressionScenario.Scope(Value(random, 6));
        var read = 0;
        for (var round = 0; round < 20 * Rounds; round++)
        {
            var text = "$" + Joined(random, PathParts, 12);
            if (JsonPath.Read(text).Path is not { } path)
            {
                continue;
            }

            read++;
            var finding = path.Find(scope);
            (finding.Value is not null || finding.Miss is not null || finding.Problem is not null).ShouldBeTrue(text);
            if (finding.Value is DataArray array)
            {
                array.Items.Count.ShouldBeLessThanOrEqualTo(Limits.PathResultsMax);
            }
        }

        read.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Calls_madeByChance_neverThrow()
    {
        var random = new Random(2);
        var scope = ExpressionScenario.Scope("""{"a":[1,"b",{"c":null}]}""");
        var read = 0;
        for (var round = 0; round < 20 * Rounds; round++)
        {
            var text = Call(random, 3);
            if (random.Next(3) == 0)
            {
                text = text.Remove(random.Next(text.Length), 1);
            }

            if (IntrinsicReader.Read(text).Expression is { } call)
            {
                read++;
                var evaluation = call.Evaluate(scope);
                (evaluation.Failure is not null || evaluation.Value is not null).ShouldBeTrue(text);
            }
        }

        read.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void Templates_madeByChance_stayWithinThePayload()
    {
        var random = new Random(3);
        var scope = ExpressionScenario.Scope(Value(random, 6));
        for (var round = 0; round < Rounds; round++)
        {
            var problems = new DefinitionProblems();
            var template = Value(random, 5);
            var expression = new PathTemplateReader("/States/X", problems).Read(template, "Parameters");
            var evaluation = expression.Evaluate(scope);
            if (evaluation.Failure is null && expression is not ConstantExpression)
            {
                PayloadSize.Exceeds(evaluation.Value, Limits.WorkflowPayloadBytesMax).ShouldBeFalse();
                DataReader.Read(evaluation.Value.ToString()).Value.ShouldNotBeNull();
            }
        }
    }

    [Fact]
    public void Results_putByChance_neverThrow()
    {
        var random = new Random(4);
        for (var round = 0; round < 10 * Rounds; round++)
        {
            if (ResultTargets.Read("$" + Joined(random, PathParts, 6)).Target is { } target)
            {
                var put = target.Put(Value(random, 3), Value(random, 2));
                (put.Failure is not null || put.Value is not null).ShouldBeTrue(target.Text);
            }
        }
    }

    [Fact]
    public void Definitions_changedByChance_neverThrow()
    {
        var random = new Random(5);
        var machines = MachinesTests.Definitions().ToList();
        var valid = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var changed = machines[random.Next(machines.Count)];
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                changed = Changed(random, changed);
            }

            var reading = DefinitionReader.Read(changed.ToString(), new DefinitionOptions(random.Next(2) == 0));
            (reading.Definition is null).ShouldBe(reading.Diagnostics.Any(diagnostic => diagnostic.IsError));
            if (reading.Definition is { } definition)
            {
                valid++;
                EvaluateAll(definition.Graph, ExpressionScenario.Scope(Value(random, 4)));
            }
        }

        valid.ShouldBeInRange(1, Rounds - 1);
    }

    [Fact]
    public void Definitions_thatAreAnything_neverThrow()
    {
        var random = new Random(6);
        for (var round = 0; round < Rounds; round++)
        {
            var text = Value(random, 6).ToString();
            DefinitionReader.Read(text, new DefinitionOptions(false)).Diagnostics.ShouldNotBeEmpty();
            DefinitionReader.Read(text[..random.Next(text.Length + 1)], new DefinitionOptions(false));
        }
    }

    // Every computed field of every state, whatever the input is.
    private static void EvaluateAll(StateGraph graph, EvaluationScope scope)
    {
        foreach (var state in graph.States.Values)
        {
            foreach (var property in state.GetType().GetProperties())
            {
                if (property.GetValue(state) is IExpression expression)
                {
                    var evaluation = expression.Evaluate(scope);
                    (evaluation.Failure is not null || evaluation.Value is not null).ShouldBeTrue(property.Name);
                }
            }

            switch (state)
            {
                case ChoiceState choice:
                    choice.Choices.ToList().ForEach(rule => rule.Condition.Evaluate(scope));
                    break;
                case ParallelState parallel:
                    parallel.Branches.ToList().ForEach(branch => EvaluateAll(branch, scope));
                    break;
                case MapState map:
                    EvaluateAll(map.Processor, scope);
                    break;
            }
        }
    }

    private static string Joined(Random random, string[] parts, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(most)).Select(_ => parts[random.Next(parts.Length)]));

    private static string Call(Random random, int depth)
    {
        var arguments = Enumerable.Range(0, random.Next(4)).Select(_ => depth > 0 && random.Next(3) == 0
            ? Call(random, depth - 1)
            : Arguments[random.Next(Arguments.Length)]);
        return $"States.{Functions[random.Next(Functions.Length)]}({string.Join(", ", arguments)})";
    }

    private static DataValue Value(Random random, int depth) => random.Next(depth <= 0 ? 5 : 9) switch
    {
        0 => DataNull.Value,
        1 => random.Next(2) == 0,
        2 => random.Next(-3, 12),
        3 => random.NextDouble() * 1e6,
        4 => Words[random.Next(Words.Length)],
        5 => new DataArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        _ => Members(random, depth),
    };

    private static DataObject Members(Random random, int depth)
    {
        var members = new OrderedDictionary<string, DataValue>();
        for (var count = random.Next(5); count > 0; count--)
        {
            var name = random.Next(3) == 0
                ? ((char)('a' + random.Next(4))).ToString()
                : Fields[random.Next(Fields.Length)];
            members[name] = name.EndsWith(".$", StringComparison.Ordinal)
                ? Words[random.Next(Words.Length)]
                : Value(random, depth - 1);
        }

        return new DataObject(members);
    }

    // One change somewhere in the value: another value, one member less, or one more.
    private static DataValue Changed(Random random, DataValue value)
    {
        switch (value)
        {
            case DataArray { Items.Count: > 0 } array when random.Next(8) > 0:
                DataValue[] items = [.. array.Items];
                var place = random.Next(items.Length);
                items[place] = Changed(random, items[place]);
                return new DataArray(items);
            case DataObject { Count: > 0 } members when random.Next(8) > 0:
                var copy = new OrderedDictionary<string, DataValue>(members.Members);
                var name = copy.GetAt(random.Next(copy.Count)).Key;
                switch (random.Next(6))
                {
                    case 0:
                        copy.Remove(name);
                        break;
                    case 1:
                        copy[Fields[random.Next(Fields.Length)]] = Value(random, 2);
                        break;
                    default:
                        copy[name] = Changed(random, copy[name]);
                        break;
                }

                return new DataObject(copy);
            default:
                return Value(random, 2);
        }
    }
}
