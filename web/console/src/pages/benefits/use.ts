/** Reading benefits, packs, growth tasks and rewards, and what is read again after something about them changed. */
import type { Benefit, BenefitCost, BenefitPack, BenefitReturn, BenefitTaskCounts, BenefitTemplate, GrowthTask, MemberBenefit, MemberGrowthTask, MemberReward, Reward } from '@api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../app/api';
import { usePrefs } from '../../app/prefs';
import { useSession } from '../../app/session';

/** A use moves quotas, tasks and cost; a redemption moves points and stock as well. */
export const BENEFIT_TOUCHES = [['benefits'], ['benefit-cost'], ['benefit-tasks'], ['member-benefits'], ['list']];
/** Whoever has done it already gets it soon after it is saved. */
export const GROWTH_TOUCHES = [['growth-tasks'], ['member-growth-tasks'], ['list']];
export const REWARD_TOUCHES = [['rewards'], ['benefit-cost'], ['member-rewards'], ['member-points'], ['packs'], ['list'], ['timeline']];

function useWhole<T>(key: string, path: string, enabled = true) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<T[]>({
    queryKey: [key, merchant.id, path, language],
    queryFn: async () => (await api.get<{ items: T[] }>(path)).items,
    enabled,
  });
}

export const useBenefits = (enabled = true) => useWhole<Benefit>('benefits', '/benefits', enabled);
export const usePacks = () => useWhole<BenefitPack>('packs', '/benefits/packs');
export const useGrowthTasks = () => useWhole<GrowthTask>('growth-tasks', '/growth-tasks');
export const useMemberGrowthTasks = (member: string) => useWhole<MemberGrowthTask>('member-growth-tasks', `/members/${encodeURIComponent(member)}/growth-tasks`);
export const useRewards = (enabled = true) => useWhole<Reward>('rewards', '/rewards', enabled);
export const useBenefitTemplates = () => useWhole<BenefitTemplate>('benefit-templates', '/benefits/templates');
export const useMemberBenefits = (member: string) => useWhole<MemberBenefit>('member-benefits', `/members/${encodeURIComponent(member)}/benefits`);
export const useMemberRewards = (member: string) => useWhole<MemberReward>('member-rewards', `/members/${encodeURIComponent(member)}/rewards`);

export function useTaskCounts() {
  const { merchant } = useSession();
  return useQuery<BenefitTaskCounts>({ queryKey: ['benefit-tasks', merchant.id], queryFn: () => api.get<BenefitTaskCounts>('/benefits/tasks/counts') });
}

/** What benefits and rewards cost on these days, both included. */
export function useCost(from: string, to: string) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<BenefitCost>({
    queryKey: ['benefit-cost', merchant.id, language, from, to],
    queryFn: () => api.get<BenefitCost>('/benefits/cost', { from, to }),
  });
}

/** What came back of them, at a margin in thousandths where one is stated. */
export function useReturn(from: string, to: string, margin: number | null) {
  const { merchant } = useSession();
  const { language } = usePrefs();
  return useQuery<BenefitReturn>({
    queryKey: ['benefit-cost', 'return', merchant.id, language, from, to, margin],
    queryFn: ({ signal }) => api.get<BenefitReturn>('/benefits/return', { from, to, ...(margin === null ? {} : { margin }) }, signal),
    placeholderData: keepPreviousData,
  });
}
