namespace Lambent.Cli.Tests.Harness;

internal static class Repository
{
    /// <summary>The folder of the clone the tests were built in.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Lambent.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
