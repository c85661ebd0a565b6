using System.Runtime.CompilerServices;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Workflows;

/// <summary>The machines in the folder beside this file: examples for people, together all of the language.</summary>
public sealed class MachinesTests
{
    private static readonly string[] Types =
        ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

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
    public void Machines_haveEveryType()
    {
        var text = string.Concat(Directory.GetFiles(Folder(), "*.json").Select(File.ReadAllText));

        Names.Count.ShouldBe(40);
        Types.ShouldAllBe(type => text.Contains($"\"Type\": \"{type}\"", StringComparison.Ordinal));
    }

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
