using System.Runtime.CompilerServices;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Tests.Workflows.Definitions;

/// <summary>
/// The definitions in <c>Refused</c>, each with all that is said of it: <c>CODE: message at /location</c>.
/// </summary>
internal static class RefusedDefinitions
{
    public static IEnumerable<(string Definition, string[] Said)> All()
    {
        foreach (var file in Directory.GetFiles(Folder(), "*.json").Order())
        {
            var rows = (DataArray)DataReader.Read(File.ReadAllBytes(file)).Value!;
            foreach (var row in rows.Items)
            {
                var definition = row["text"] is DataText text ? text.Value : row["definition"]!.ToString();
                yield return (definition, [.. ((DataArray)row["said"]!).Items.Select(said => ((DataText)said).Value)]);
            }
        }
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "Refused");
}
