namespace Lambent.EndToEnd.Packages;

/// <summary>The packages of the tests' functions, made once.</summary>
internal static class Programs
{
    private static Task<byte[]>? compiledC;
    private static Task<byte[]>? publishedDotnet;

    public static byte[] Node { get; } = ZipPackage.OfFolder(Repository.Function("node"));

    public static byte[] Python { get; } = ZipPackage.OfFolder(Repository.Function("python"));

    public static byte[] Shell { get; } = ZipPackage.OfFolder(Repository.Function("shell"));

    public static Task<byte[]> CAsync()
    {
        ToolRun.Require("/usr/bin/gcc", "gcc libc6-dev");
        return compiledC ??= CompileCAsync();
    }

    public static Task<byte[]> DotnetAsync() => publishedDotnet ??= PublishDotnetAsync();

    public static FunctionDefinition NodeFunction(string name, string handler) =>
        new(name, "nodejs20.x", $"index.{handler}", Node);

    public static FunctionDefinition PythonFunction(string name, string handler) =>
        new(name, "python3.11", $"functions.{handler}", Python);

    public static FunctionDefinition ShellFunction(string name, string handler) =>
        new(name, "provided.al2023", handler, Shell);

    public static async Task<FunctionDefinition> CFunctionAsync(string name, string handler) =>
        new(name, "provided.al2023", handler, await CAsync());

    public static async Task<FunctionDefinition> DotnetFunctionAsync(string name, string type, string method) =>
        new(name, "dotnet10", $"Functions::Functions.{type}::{method}", await DotnetAsync()) { MemoryMegabytes = 256 };

    private static async Task<byte[]> CompileCAsync()
    {
        using var folder = new TemporaryFolder();
        var compiled = await ToolRun.RunAsync(
            "/usr/bin/gcc", ["-O1", "-static", "-o", folder["bootstrap"], Repository.Function("c/bootstrap.c")]);
        compiled.ExitCode.ShouldBe(0, compiled.Everything);
        return ZipPackage.OfBytes(("bootstrap", await File.ReadAllBytesAsync(folder["bootstrap"])));
    }

    /// <summary>In a folder of its own, where the repository's build settings do not reach.</summary>
    private static async Task<byte[]> PublishDotnetAsync()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Repository.Function("dotnet")))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        var published = await ToolRun.RunAsync(
            "dotnet", ["publish", "-c", "Release", "-o", folder["out"], "-v", "q", "--nologo", "-nodeReuse:false"],
            folder: folder.Path, limit: TimeSpan.FromMinutes(3));
        published.ExitCode.ShouldBe(0, published.Everything);
        return ZipPackage.OfFolder(folder["out"]);
    }
}
