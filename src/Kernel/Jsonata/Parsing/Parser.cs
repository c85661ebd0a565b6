using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Nodes;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Parsing;

/// <summary>
/// Reads an expression by operator precedence: an operand, then operators for as long as they bind more strongly than
/// what stands on the left. This half reads operands; the other what stands behind them.
/// </summary>
internal sealed partial class Parser
{
    private readonly Lexer lexer;
    private readonly VariableScopes variables = new();
    private readonly List<PathNode> paths = [];
    private Token token;
    private int depth;
    private int parents;
    private int open;

    private Parser(string text)
    {
        lexer = new Lexer(text);
        Advance(isOperand: true);
    }

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    public static (Node Node, IReadOnlyCollection<string> FreeVariables) Parse(string text)
    {
        if (text.Length > JsonataLimits.ExpressionLengthMax)
        {
            throw new ExpressionException(
                "S0601", $"An expression has at most {JsonataLimits.ExpressionLengthMax} characters", 0);
        }

        var parser = new Parser(text);
        var node = parser.Expression(0);
        if (parser.token.Kind != TokenKind.End)
        {
            throw parser.token.Is("!") || parser.token.Is("~")
                ? Unexpected("S0204", "There is no such operator", parser.token)
                : Unexpected("S0201", "This cannot stand here", parser.token);
        }

        if (node.Seeking.Any(slot => slot.Levels > 0))
        {
            throw new ExpressionException(
                "S0217", "Nothing that % could be the parent of stands before it", node.Position, node.Description);
        }

        parser.paths.ForEach(path => path.Freeze());
        parser.variables.CloseAll();
        return (node, [.. parser.variables.Free.Where(name => Library.Find(name) is null)]);
    }

    private static ExpressionException Unexpected(string code, string message, Token token) =>
        new(code, message, token.Position, token.Text);

    private void Advance(bool isOperand) => token = lexer.Next(isOperand);

    /// <summary>Goes past a symbol that must stand here.</summary>
    private void Expect(string symbol, bool isOperand = false)
    {
        if (!token.Is(symbol))
        {
            throw token.Kind == TokenKind.End
                ? Unexpected("S0203", $"The expression ends where {symbol} should stand", token)
                : Unexpected("S0202", $"Here {symbol} should stand", token);
        }

        Advance(isOperand);
    }

    /// <summary>Goes past the bracket that ends what <see cref="open"/> counts.</summary>
    private void Close(string symbol)
    {
        Expect(symbol);
        open--;
    }

    /// <summary>What stands between commas, at least one unless the bracket closes at once.</summary>
    private void List(string end, Action read)
    {
        open++;
        if (!token.Is(end))
        {
            read();
            while (token.Is(","))
            {
                Advance(isOperand: true);
                read();
            }
        }

        Close(end);
    }

    private Node Expression(int bindingPower)
    {
        if (++depth > JsonataLimits.ExpressionDepthMax)
        {
            throw new ExpressionException(
                "S0602", $"The expression is nested more than {JsonataLimits.ExpressionDepthMax} deep", token.Position);
        }

        var left = Operand();
        while (BindingPower(token) > bindingPower)
        {
            left = Behind(left);
        }

        depth--;
        return left;
    }

    private Node Operand()
    {
        var first = token;
        switch (first.Kind)
        {
            case TokenKind.End:
                throw Unexpected(
                    open > 0 ? "S0203" : "S0207", "The expression ends where an operand should stand", first);
            case TokenKind.String or TokenKind.Number or TokenKind.Constant or TokenKind.Pattern:
                Advance(isOperand: false);
                return new LiteralNode(first.Position, first.Value!);
            case TokenKind.Variable:
                Advance(isOperand: false);
                ReadVariable(first.Text);
                return new VariableNode(first.Position, first.Text);
            case TokenKind.Name:
                Advance(isOperand: false);
                return first is { IsQuoted: false, Text: "function" or "λ" } && token.Is("(")
                    ? Lambda(first.Position)
                    : Path(new NameNode(first.Position, first.Text));
            default:
                return OperatorAsOperand(first);
        }
    }

    private Node OperatorAsOperand(Token first)
    {
        switch (first.Text)
        {
            case "*":
                Advance(isOperand: false);
                return new WildcardNode(first.Position);
            case "**":
                Advance(isOperand: false);
                return new DescendantNode(first.Position);
            case "%":
                Advance(isOperand: false);
                if (parents == JsonataLimits.ExpressionParentsMax)
                {
                    throw Unexpected("S0602", $"% is used more than {parents} times", first);
                }

                return new ParentNode(first.Position, new ParentSlot($"%{parents++}"));
            case "-":
                Advance(isOperand: true);
                return Negated(first.Position, Expression(NegationPower));
            case "(":
                return Block();
            case "[":
                Advance(isOperand: true);
                return new ArrayNode(first.Position, Items());
            case "{":
                return new ObjectNode(first.Position, Pairs());
            case "|":
                return Transform();
            default:
                throw Unexpected(
                    first.Text is "!" or "~" ? "S0204" : "S0211", $"No operand begins with {first.Text}", first);
        }
    }

    private static Node Negated(int position, Node operand) => operand is LiteralNode { Value: DataNumber number }
        ? new LiteralNode(position, new DataNumber(-number.Value))
        : new NegationNode(position, operand);

    private PathNode Path(Node first)
    {
        var path = new PathNode(first.Position);
        paths.Add(path);
        path.Add(new Step(first));
        return path;
    }

    // A variable that is about to be bound is not read.
    private void ReadVariable(string name)
    {
        if (name is not "" and not "$" && !token.Is(":="))
        {
            variables.Read(name);
        }
    }

    private BlockNode Block()
    {
        var position = token.Position;
        variables.Open(isLambda: false);
        open++;
        Advance(isOperand: true);
        var expressions = new List<Node>();
        while (!token.Is(")"))
        {
            expressions.Add(Expression(0));
            if (!token.Is(";"))
            {
                break;
            }

            Advance(isOperand: true);
        }

        Close(")");
        var binds = variables.HasBinding;
        variables.Close();
        return new BlockNode(position, expressions, binds);
    }

    /// <summary>What stands in brackets, up to and with the closing one.</summary>
    private List<Node> Items()
    {
        var items = new List<Node>();
        List("]", () =>
        {
            var item = Expression(0);
            if (token.Is(".."))
            {
                var range = token.Position;
                Advance(isOperand: true);
                item = new RangeNode(range, "..", item, Expression(0));
            }

            items.Add(item);
        });
        return items;
    }

    private Grouping Pairs()
    {
        var position = token.Position;
        Advance(isOperand: true);
        return PairsBehind(position);
    }

    private Grouping PairsBehind(int position)
    {
        var pairs = new List<(Node Key, Node Value)>();
        List("}", () =>
        {
            var key = Expression(0);
            Expect(":", isOperand: true);
            pairs.Add((key, Expression(0)));
        });
        return new Grouping(position, pairs);
    }

    private TransformNode Transform()
    {
        var position = token.Position;
        open++;
        Advance(isOperand: true);
        var pattern = Expression(0);
        Expect("|", isOperand: true);
        var update = Expression(0);
        Node? delete = null;
        if (token.Is(","))
        {
            Advance(isOperand: true);
            delete = Expression(0);
        }

        Close("|");
        return new TransformNode(position, pattern, update, delete);
    }

    private LambdaNode Lambda(int position)
    {
        variables.Open(isLambda: true);
        Advance(isOperand: true);
        var parameters = new List<string>();
        List(")", () =>
        {
            if (token.Kind != TokenKind.Variable)
            {
                throw Unexpected(
                    token.Kind == TokenKind.End ? "S0203" : "S0208", "Parameters of a function are variables", token);
            }

            parameters.Add(token.Text);
            variables.Bind(token.Text);
            Advance(isOperand: false);
        });
        Signature? signature = null;
        if (token.Is("<"))
        {
            var start = token.Position;
            signature = Signature.Parse(lexer.ReadSignature(start), start);
            Advance(isOperand: false);
        }

        Expect("{", isOperand: true);
        open++;
        var body = Expression(0);
        Close("}");
        variables.Close();
        return new LambdaNode(position, parameters, signature, body);
    }
}
