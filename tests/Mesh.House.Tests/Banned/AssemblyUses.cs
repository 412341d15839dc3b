using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Mesh.House.Tests.Banned;

/// <summary>Reads what the methods of a built assembly use of other assemblies, so that a rule holds even if its analyzer was switched off.</summary>
internal static class AssemblyUses
{
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => code.Value, static code => code.OperandType);

    /// <summary>The uses, without the waiting that the compiler writes for an <c>await</c>.</summary>
    public static IReadOnlyList<BannedUse> Read(Stream image)
    {
        using var file = new PEReader(image);
        MetadataReader reader = file.GetMetadataReader();
        var uses = new HashSet<BannedUse>();
        foreach (MethodDefinition method in reader.MethodDefinitions.Select(reader.GetMethodDefinition).Where(static m => m.RelativeVirtualAddress != 0))
        {
            string type = Outermost(reader, method.GetDeclaringType());
            string name = reader.GetString(method.Name);
            bool awaits = name == "MoveNext" && IsStateMachine(reader, method.GetDeclaringType());
            foreach (string member in Members(reader, file.GetMethodBody(method.RelativeVirtualAddress).GetILReader()))
            {
                if (!(awaits && member.EndsWith(".GetResult", StringComparison.Ordinal)))
                {
                    uses.Add(new(type, name, member));
                }
            }
        }

        return [.. uses];
    }

    private static List<string> Members(MetadataReader reader, BlobReader code)
    {
        var members = new List<string>();
        while (code.RemainingBytes > 0)
        {
            byte first = code.ReadByte();
            OperandType operand = Operands[first == 0xFE ? (short)((first << 8) | code.ReadByte()) : first];
            switch (operand)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType:
                    members.AddRange(Describe(reader, MetadataTokens.EntityHandle(code.ReadInt32())));
                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                default:
                    code.Offset += Size(operand);
                    break;
            }
        }

        return members;
    }

    private static IEnumerable<string> Describe(MetadataReader reader, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
        {
            handle = reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        }

        if (handle.Kind == HandleKind.TypeReference)
        {
            yield return DocumentationIds.OfType(reader, reader.GetTypeReference((TypeReferenceHandle)handle));
        }
        else if (handle.Kind == HandleKind.MemberReference)
        {
            MemberReference member = reader.GetMemberReference((MemberReferenceHandle)handle);
            yield return DocumentationIds.OfMember(reader, member);
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                yield return DocumentationIds.OfType(reader, reader.GetTypeReference((TypeReferenceHandle)member.Parent));
            }
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static string Outermost(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(reader, outer) : reader.GetString(type.Name).Split('`')[0];
    }

    private static bool IsStateMachine(MetadataReader reader, TypeDefinitionHandle handle) =>
        reader.GetTypeDefinition(handle).GetInterfaceImplementations()
            .Select(i => reader.GetInterfaceImplementation(i).Interface)
            .Any(i => i.Kind == HandleKind.TypeReference && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)i).Name) == "IAsyncStateMachine");
}
