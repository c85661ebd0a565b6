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

    /// <param name="folder">Machines, of AWS's language; Extensions, with what is ours.</param>
    public static IEnumerable<string> Names(string folder = "Machines") =>
        Directory.EnumerateFiles(Folder(folder), "*.json").Select(Path.GetFileNameWithoutExtension).Order()!;

    public static MachineCase Read(string name, string folder = "Machines")
    {
        var read = DataReader.ReadOwn(File.ReadAllBytes(Path.Combine(Folder(folder), $"{name}.json")));
        var reading = DefinitionReader.Read(read["definition"]!.ToString(), new DefinitionOptions(IsExpress: false));
        var tasks = (DataObject?)read["tasks"] ?? DataObject.Empty;
        return new MachineCase
        {
            Machine = new ScriptedMachine(
                name,
                reading.Definition ?? throw new InvalidOperationException(reading.Diagnostics[0].ToString()),
                read["input"]!,
                tasks.Members.ToDictionary(task => task.Key, task => ((DataArray)task.Value).Items),
                Events: ((DataArray?)read["events"])?.Items)
            {
                Items = (read["items"] as DataArray)?.Items ?? [],
            },
            Expected = (DataObject)read["expected"]!,
            History = [.. ((DataArray)read["history"]!).Items
                .Select(row => string.Join(' ', ((DataArray)row).Items.Select(item => ((DataText)item).Value)))],
        };
    }

    private static string Folder(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", name);
}
