using System.Xml.Linq;
using Lambent.Tidy.Files;
using Lambent.Tidy.Tables;

namespace Lambent.Tidy.Rules;

/// <summary>Who may reference whom, and which packages; the table is <see cref="ProjectTable"/>.</summary>
internal static class Projects
{
    public static IEnumerable<Finding> References(SourceFile project, IReadOnlyList<ProjectRow> table)
    {
        if (project.Extension != ".csproj")
        {
            yield break;
        }

        // The first row that fits decides: a project's own row stands before the one for its folder.
        var row = table.FirstOrDefault(row => row.IsFor(project.Path));
        if (row is null)
        {
            yield return project.AsWhole("the project is not in ProjectTable: add a row and say why it exists");
            yield break;
        }

        foreach (var (name, position) in Includes(project, "ProjectReference"))
        {
            var target = Resolve(project.Folder, name);
            if (!row.Projects.Any(allowed => ProjectRow.Matches(allowed, target)))
            {
                yield return project.At(position, $"{row.Path} may not reference {target} (ProjectTable)");
            }
        }

        foreach (var (name, position) in Includes(project, "PackageReference"))
        {
            if (!row.Packages.Contains(name, StringComparer.Ordinal))
            {
                yield return project.At(position, $"{row.Path} may not reference the package {name} (ProjectTable)");
            }
        }
    }

    /// <summary>A row without a project has outlived it.</summary>
    public static IEnumerable<Finding> Rows(Repository repository, IReadOnlyList<ProjectRow> table) =>
        table.Where(row => !row.IsPattern && repository.Find(row.Path) is null)
            .Select(row => new Finding(row.Path, 1, "ProjectTable has a row for a project that is not there"));

    private static IEnumerable<(string Name, int Line)> Includes(SourceFile project, string element) =>
        XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Descendants(element)
            .Where(item => item.Attribute("Include") is not null)
            .Select(item => (item.Attribute("Include")!.Value, ((System.Xml.IXmlLineInfo)item).LineNumber));

    /// <summary>A path as written in a project file, relative to the repository's root.</summary>
    private static string Resolve(string folder, string relative)
    {
        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in relative.Replace('\\', '/').Split('/'))
        {
            switch (part)
            {
                case "." or "":
                    break;
                case ".." when parts.Count > 0:
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return string.Join('/', parts);
    }
}
