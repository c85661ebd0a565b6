using System.Runtime.CompilerServices;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions.Choices;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows;

/// <summary>The machines in the folder beside this file: examples for people, together all of the language.</summary>
public sealed class MachinesTests
{
    // Fields whose value is of a kind are in the machines with one of each kind.
    private static readonly string[] Fields =
    [
        "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy",
        "ProcessorConfig", "Mode", "ExecutionType", "ReaderConfig", "InputType", "CSVHeaderLocation", "CSVHeaders",
        "CSVDelimiter", "MaxItems", "MaxItemsPath", "ItemsPointer", "MaxItemsPerBatch", "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", "BatchInput", "WriterConfig", "Transformation",
        "OutputType", "Condition", "And", "Or", "Not", "Variable", "RoleArn", "Version",
    ];

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder(), "*.json").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Machine_isReadWithoutAWord(string name)
    {
        var machine = Read(name);
        var reading = DefinitionReader.Read(machine["definition"]!.ToString(), new DefinitionOptions(false));

        reading.Diagnostics.ShouldBeEmpty();
        reading.Definition.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void History_belongsToTheMachine(string name)
    {
        var machine = Read(name);
        var names = new HashSet<string>(StateNames(machine["definition"]!));
        var history = ((DataArray)machine["history"]!).Items.Select(item => ((DataArray)item).Items).ToList();

        history[0][0].ShouldBe("ExecutionStarted");
        var status = ((DataText)machine["expected"]!["status"]!).Value;
        ((DataText)history[^1][0]).Value.ShouldBe(status switch
        {
            "SUCCEEDED" => "ExecutionSucceeded",
            "TIMED_OUT" => "ExecutionTimedOut",
            _ => "ExecutionFailed",
        });
        history.Where(item => item.Count > 1).Select(item => ((DataText)item[1]).Value)
            .ShouldAllBe(state => names.Contains(state));
        var open = history.Count(item => ((DataText)item[0]).Value.EndsWith("StateEntered", StringComparison.Ordinal))
            - history.Count(item => ((DataText)item[0]).Value.EndsWith("StateExited", StringComparison.Ordinal));
        open.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void Machines_useEveryFieldOfEveryType()
    {
        var used = Definitions().SelectMany(Used).ToHashSet();
        var known = StateFields.Types.SelectMany(type => StateFields.Of(type).Select(field => (type, field)))
            .Where(pair => pair.field is not ("Comment" or "QueryLanguage" or "Completion"));

        Names.Count.ShouldBe(41);
        known.Except(used.Where(pair => pair.Type.Length > 0)).ShouldBeEmpty();
        Fields.Concat(ChoiceOperators.Names).Except(used.Select(pair => pair.Field)).ShouldBeEmpty();
    }

    // Each field with the type of the state in which it stands; without one for objects that are no state.
    private static IEnumerable<(string Type, string Field)> Used(DataValue value) => value switch
    {
        DataObject members => members.Members.SelectMany(member => Used(member.Value)
            .Append(((members["Type"] as DataText)?.Value ?? string.Empty, member.Key.Replace(".$", string.Empty)))),
        DataArray array => array.Items.SelectMany(Used),
        _ => [],
    };

    internal static IEnumerable<DataValue> Definitions() => Names.Select(row => Read(row.Data)["definition"]!);

    private static IEnumerable<string> StateNames(DataValue value) => value switch
    {
        DataObject members => members.Members.SelectMany(member =>
            (member.Key == "States" && member.Value is DataObject states ? states.Members.Keys : [])
            .Concat(StateNames(member.Value))),
        DataArray array => array.Items.SelectMany(StateNames),
        _ => [],
    };

    private static DataValue Read(string name) =>
        DataReader.Read(File.ReadAllBytes(Path.Combine(Folder(), name))).Value.ShouldNotBeNull();

    private static string Folder([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "Machines");
}
