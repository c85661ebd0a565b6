namespace Lambent.Kernel.Jsonata.Parsing;

/// <summary>
/// Finds the variables that an expression reads without binding them, while it is parsed. What stands in a lambda is
/// read when it is called, so there a name may be bound further on in the blocks around; elsewhere it must be bound
/// before, as in `$count := $count + 1`, which reads the caller's.
/// </summary>
internal sealed class VariableScopes
{
    private readonly Stack<Scope> scopes = new([new Scope(IsLambda: false)]);
    private readonly SortedSet<string> free = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Free => free;

    public bool HasBinding => scopes.Peek().Bound.Count > 0;

    public void Open(bool isLambda) => scopes.Push(new Scope(isLambda));

    public void Bind(string name) => scopes.Peek().Bound.Add(name);

    public void Read(string name)
    {
        var isDeferred = false;
        foreach (var scope in scopes)
        {
            if (scope.Bound.Contains(name))
            {
                return;
            }

            isDeferred |= scope.IsLambda;
            if (isDeferred && !scope.IsLambda)
            {
                scope.Deferred.Add(name);
                return;
            }
        }

        free.Add(name);
    }

    public void Close()
    {
        var closed = scopes.Pop();
        foreach (var name in closed.Deferred.Where(name => !closed.Bound.Contains(name)))
        {
            ReadDeferred(name);
        }
    }

    /// <summary>At the end of the text.</summary>
    public void CloseAll()
    {
        while (scopes.Count > 1)
        {
            Close();
        }

        var last = scopes.Peek();
        free.UnionWith(last.Deferred.Where(name => !last.Bound.Contains(name)));
    }

    private void ReadDeferred(string name)
    {
        foreach (var scope in scopes)
        {
            if (scope.Bound.Contains(name))
            {
                return;
            }

            if (!scope.IsLambda)
            {
                scope.Deferred.Add(name);
                return;
            }
        }
    }

    private sealed record Scope(bool IsLambda)
    {
        public HashSet<string> Bound { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Deferred { get; } = new(StringComparer.Ordinal);
    }
}
