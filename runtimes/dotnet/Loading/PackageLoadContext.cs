using System.Reflection;
using System.Runtime.Loader;

namespace Lambent.Runtime.Dotnet.Loading;

/// <summary>
/// Loads the function's assemblies from its package: by its deps.json where there is one, else by name from its
/// folder. What the shared frameworks have comes from them, so that types such as Stream and JsonElement are the same
/// on both sides of the handler.
/// </summary>
internal sealed class PackageLoadContext : AssemblyLoadContext
{
    private readonly string taskRoot;
    private readonly AssemblyDependencyResolver? resolver;
    private readonly HashSet<string> frameworkAssemblies;

    public PackageLoadContext(string taskRoot, string assemblyFile)
        : base("function")
    {
        this.taskRoot = taskRoot;
        // The resolver wants deps.json's neighbours to be complete; packages made by hand often have none.
        resolver = File.Exists(Path.ChangeExtension(assemblyFile, ".deps.json"))
            ? new AssemblyDependencyResolver(assemblyFile) : null;
        frameworkAssemblies = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator).Select(Path.GetFileNameWithoutExtension).ToHashSet()!;
        // A package may need a newer assembly than the framework has; then the framework's load fails and this runs.
        Resolving += (_, name) => FromPackage(name);
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        frameworkAssemblies.Contains(assemblyName.Name!) ? null : FromPackage(assemblyName);

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string? path = resolver?.ResolveUnmanagedDllToPath(unmanagedDllName);
        path ??= new[] { unmanagedDllName, $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.so" }
            .Select(name => Path.Combine(taskRoot, name)).FirstOrDefault(File.Exists);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }

    private Assembly? FromPackage(AssemblyName name)
    {
        string? path = resolver?.ResolveAssemblyToPath(name);
        if (path is null)
        {
            path = Path.Combine(taskRoot, name.CultureName ?? "", name.Name + ".dll");
        }
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
