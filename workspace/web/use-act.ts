import { ref } from "vue";
import { showToast } from "../../ui/use-toasts.ts";
import { problemText } from "./problem.ts";

/** Carries out one act at a time; what fails is said in a toast. `act` answers whether it went well. */
export function useAct() {
  const busy = ref(false);
  async function act(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      await work();
      return true;
    } catch (error) {
      showToast({ tone: "bad", title: problemText(error) });
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, act };
}
