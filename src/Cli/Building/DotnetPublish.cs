using System.Xml.Linq;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Packaging;

namespace Lambent.Cli.Building;

/// <summary>Builds a C# project, or a lone C# file, into the files that run.</summary>
internal static class DotnetPublish
{
    public static async Task<PackageContent> ProjectAsync(
        string project, CommandContext context, CancellationToken cancellation) =>
        await PublishAsync(project, Path.GetFileName(project), [], context, cancellation);

    /// <summary>A file becomes a library of the newest .NET; its project is made in the cache.</summary>
    public static async Task<PackageContent> FileAsync(
        string file, CommandContext context, CancellationToken cancellation)
    {
        var name = new string([.. Path.GetFileNameWithoutExtension(file).Select(
            letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]);
        var folder = Path.Combine(context.Environment.CacheFolder, "dotnet", DependencyCache.KeyOf(file));
        Directory.CreateDirectory(folder);
        var project = Path.Combine(folder, $"{name}.csproj");
        await File.WriteAllTextAsync(project, ProjectOf(file), cancellation);
        // Settings of folders above the cache are none of the file's business.
        string[] alone =
        [
            "-p:ImportDirectoryBuildProps=false", "-p:ImportDirectoryBuildTargets=false",
            "-p:ImportDirectoryPackagesProps=false",
        ];
        return await PublishAsync(project, Path.GetFileName(file), alone, context, cancellation);
    }

    private static string ProjectOf(string file) => new XDocument(
        new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", "net10.0"),
                new XElement("Nullable", "enable"),
                new XElement("ImplicitUsings", "enable"),
                new XElement("InvariantGlobalization", "true"),
                new XElement("EnableDefaultCompileItems", "false")),
            new XElement("ItemGroup", new XElement("Compile", new XAttribute("Include", file))))).ToString();

    private static async Task<PackageContent> PublishAsync(
        string project, string title, string[] more, CommandContext context, CancellationToken cancellation)
    {
        var output = Directory.CreateTempSubdirectory("lambent-publish-").FullName;
        try
        {
            var run = new ToolRun(
                "dotnet",
                [
                    "publish", project, "-c", "Release", "-o", output, "--nologo", "-v", "q",
                    // A library's package says by this which .NET it wants.
                    "-p:GenerateRuntimeConfigurationFiles=true", "-p:UseAppHost=false", .. more,
                ],
                Path.GetDirectoryName(project)!)
            {
                InstallHint = "sudo apt-get install dotnet-sdk-10.0",
                Variables = new Dictionary<string, string>
                {
                    ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                    ["DOTNET_NOLOGO"] = "1",
                },
            };
            await Progress.DuringAsync(context, $"Building {title}", async () =>
            {
                await run.RunAsync(cancellation);
                return true;
            });
            return InMemory(FolderReader.Read(output, IgnoreRules.None));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    /// <summary>The folder is temporary and goes; a package is small enough to be held.</summary>
    private static PackageContent InMemory(PackageContent content) =>
        new(content.Entries.Select(file =>
        {
            using var stream = file.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            var bytes = copy.ToArray();
            return file with { Open = () => new MemoryStream(bytes, writable: false) };
        }).ToList());
}
