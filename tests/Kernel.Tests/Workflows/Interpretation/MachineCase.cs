using System.Runtime.CompilerServices;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Load.Workflows;

namespace Lambent.Kernel.Tests.Workflows.Interpretation;

/// <summary>One of the machines in the folder Machines: what it gets, how its tasks answer, what comes of it.</summary>
internal sealed record MachineCase
{
    public required ScriptedMachine Machine { get; init; }

    public required DataObject Expected { get; init; }

    /// <summary>Type, and the state's name where there is one.</summary>
    public required IReadOnlyList<string> History { get; init; }

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder(), "*.json").Select(Path.GetFileNameWithoutExtension).Order()!;

    public static MachineCase Read(string name)
    {
        var read = DataReader.ReadOwn(File.ReadAllBytes(Path.Combine(Folder(), $"{name}.json")));
        var reading = DefinitionReader.Read(read["definition"]!.ToString(), new DefinitionOptions(IsExpress: false));
        var tasks = (DataObject?)read["tasks"] ?? DataObject.Empty;
        return new MachineCase
        {
            Machine = new ScriptedMachine(
                name,
                reading.Definition ?? throw new InvalidOperationException(reading.Diagnostics[0].ToString()),
                read["input"]!,
                tasks.Members.ToDictionary(task => task.Key, task => ((DataArray)task.Value).Items))
            {
                Items = (read["items"] as DataArray)?.Items ?? [],
            },
            Expected = (DataObject)read["expected"]!,
            History = [.. ((DataArray)read["history"]!).Items
                .Select(row => string.Join(' ', ((DataArray)row).Items.Select(item => ((DataText)item).Value)))],
        };
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Machines");
}
